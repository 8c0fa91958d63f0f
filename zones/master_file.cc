#include "zones/master_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <tuple>

#include "dnswire/name.h"
#include "dnswire/siphash.h"
#include "zones/master_reader.h"

namespace zones {
namespace {

namespace fs = std::filesystem;

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::ignore = std::fclose(file); }
};

// The whole file, `most` octets and no more; or a clause that says why not.
tl::expected<std::string, std::string> read_whole(const std::string& path, std::size_t most) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return tl::unexpected<std::string>("is not a regular file");
  }
  const std::unique_ptr<std::FILE, CloseFile> stream(std::fopen(path.c_str(), "re"));
  if (!stream) return tl::unexpected(std::string("cannot be read: ") + std::strerror(errno));
  const auto size = fs::file_size(path, error);
  if (!error && size > most) {
    return tl::unexpected("is larger than the " + std::to_string(most) +
                          " octets that a zone may have");
  }
  // One octet more than there should be, so that the end is seen without growing.
  std::string text(error ? 65536 : static_cast<std::size_t>(size) + 1, '\0');
  std::size_t length = 0;
  while (const std::size_t part =
             std::fread(text.data() + length, 1, text.size() - length, stream.get())) {
    length += part;
    if (length > most) break;  // it grew meanwhile; the reader says that it is too large
    if (length == text.size()) text.resize(2 * text.size());
  }
  if (std::ferror(stream.get()) != 0) {
    return tl::unexpected(std::string("cannot be read: ") + std::strerror(errno));
  }
  text.resize(length);
  return text;
}

FileMark mark(const std::string& path, std::string_view text) {
  // Whoever could find another text of the same digest can write zones as well: no secret.
  static constexpr std::array<std::uint8_t, 16> kKey{};
  const auto* const octets = reinterpret_cast<const std::uint8_t*>(text.data());
  return {dnswire::siphash24(kKey, {octets, text.size()}), path};
}

// Each mark once, however often its file is included. A file that said two things has two marks,
// and never says both again.
void add_mark(std::vector<FileMark>& marks, FileMark mark) {
  if (std::ranges::find(marks, mark) == marks.end()) marks.push_back(std::move(mark));
}

// Do the files still say what they are marked with, those behind the first?
bool still_say(const std::vector<FileMark>& marks, std::size_t most) {
  return std::all_of(marks.begin() + 1, marks.end(), [&](const FileMark& known) {
    const auto text = read_whole(known.path, most);
    return text && mark(known.path, *text) == known;
  });
}

}  // namespace

tl::expected<Zone, Problems> parse_master_text(std::string_view text, const std::string& file,
                                               dnswire::NameView origin,
                                               const MasterOptions& options) {
  MasterReader reader(options);
  reader.read(text, file, origin);
  return std::move(reader).finish();
}

tl::expected<MasterZone, Problems> load_master_file(const std::string& path, Limits limits,
                                                    const MasterZone* before) {
  const auto refuse = [&path](std::string text) {
    return tl::unexpected(Problems{{path, 0, 0, std::move(text)}});
  };
  MasterZone result{nullptr, limits, {}};
  MasterOptions options;
  options.limits = limits;
  options.read_file = [&](const std::string& included) {
    auto text = read_whole(included, options.max_text);
    if (text) add_mark(result.files, mark(included, *text));
    return text;
  };
  auto text = options.read_file(path);
  if (!text) return refuse(text.error());
  if (before != nullptr && before->limits == limits &&
      before->files.front() == result.files.front() && still_say(before->files, options.max_text)) {
    return *before;
  }
  const auto origin = dnswire::Name::from_text(fs::path(path).stem().string());
  if (!origin) {
    return refuse("the file's name is not a zone's name: " + std::string(describe(origin.error())));
  }
  MasterReader reader(options);
  reader.read(*text, path, *origin);
  std::string().swap(*text);  // its memory is what the zone is made in; assigning would keep it
  auto zone = std::move(reader).finish();
  if (!zone) return tl::unexpected(std::move(zone.error()));
  result.zone = std::make_shared<const Zone>(std::move(*zone));
  return result;
}

}  // namespace zones
