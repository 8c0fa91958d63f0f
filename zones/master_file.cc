#include "zones/master_file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <tuple>

#include "dnswire/rdata.h"
#include "zones/master_text.h"
#include "zones/zone_builder.h"

// Last: it defines macros that the standard headers trip over.
#include <ldns/ldns.h>

namespace zones {
namespace {

using dnswire::Bytes;
using dnswire::Name;
using dnswire::NameView;

constexpr std::size_t kMaxProblems = 100;  // beyond that it is some other kind of file

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::ignore = std::fclose(file); }
};
struct FreeRdf {
  void operator()(ldns_rdf* rdf) const noexcept { ldns_rdf_deep_free(rdf); }
};
struct FreeRr {
  void operator()(ldns_rr* rr) const noexcept { ldns_rr_free(rr); }
};
using Rdf = std::unique_ptr<ldns_rdf, FreeRdf>;
using Rr = std::unique_ptr<ldns_rr, FreeRr>;

struct Line {
  int number;
  Rr rr;
};

Bytes octets_of(const ldns_rdf* rdf) { return {ldns_rdf_data(rdf), ldns_rdf_size(rdf)}; }

std::string sentence_of(ldns_status status) {
  if (status == LDNS_STATUS_SYNTAX_INCLUDE || status == LDNS_STATUS_SYNTAX_INCLUDE_ERR_NOTIMPL) {
    return "$INCLUDE is not supported; put the records into this file";
  }
  const char* text = ldns_get_errorstr_by_id(status);
  return text == nullptr ? "not a resource record" : text;
}

bool is_record(ldns_status status) { return status == LDNS_STATUS_OK; }

// Lines that hold no record and are right: $TTL, $ORIGIN, comments, blanks.
bool is_directive(ldns_status status) {
  return status == LDNS_STATUS_SYNTAX_TTL || status == LDNS_STATUS_SYNTAX_ORIGIN ||
         status == LDNS_STATUS_SYNTAX_EMPTY;
}

// Turns the lines of one file into a zone; the SOA says what the origin is.
class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  void read(std::FILE* stream, NameView origin_of_file) {
    ldns_rdf* origin = ldns_dname_new_frm_data(static_cast<std::uint16_t>(origin_of_file.size()),
                                               origin_of_file.wire().data());
    ldns_rdf* previous = nullptr;
    std::uint32_t ttl = 3600;
    int lines = 0;
    while (std::feof(stream) == 0 && problems_.size() < kMaxProblems) {
      const int first_line = lines + 1;
      ldns_rr* rr = nullptr;
      const ldns_status status =
          ldns_rr_new_frm_fp_l(&rr, stream, &ttl, &origin, &previous, &lines);
      if (is_record(status)) {
        take({first_line, Rr(rr)});
      } else if (!is_directive(status)) {
        add_problem(first_line, sentence_of(status));
      }
    }
    Rdf(origin).reset();
    Rdf(previous).reset();
  }

  tl::expected<Zone, Problems> finish() && {
    if (!builder_ && problems_.empty()) add_problem(0, "no SOA record; a zone begins with one");
    if (!problems_.empty()) return tl::unexpected(std::move(problems_));
    auto zone = std::move(*builder_).build();
    if (zone) return std::move(*zone);
    for (std::string& text : zone.error()) add_problem(0, std::move(text));
    return tl::unexpected(std::move(problems_));
  }

 private:
  void add_problem(int line, std::string text) {
    problems_.push_back({file_, line, 0, std::move(text)});
  }

  // Keeps what comes before the SOA until the origin is known.
  void take(Line line) {
    if (!builder_ && ldns_rr_get_type(line.rr.get()) != LDNS_RR_TYPE_SOA) {
      before_soa_.push_back(std::move(line));
      return;
    }
    if (!builder_) {
      const auto origin = NameView::parse(octets_of(ldns_rr_owner(line.rr.get())));
      if (!origin) return add_problem(line.number, std::string(describe(origin.error())));
      builder_.emplace(Name(*origin));
      add(line);
      for (const Line& earlier : before_soa_) add(earlier);
      before_soa_.clear();
      return;
    }
    add(line);
  }

  void add(const Line& line) {
    const ldns_rr* rr = line.rr.get();
    if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN) {
      return add_problem(line.number, "a record of a class other than IN");
    }
    const auto owner = NameView::parse(octets_of(ldns_rr_owner(rr)));
    if (!owner) return add_problem(line.number, std::string(describe(owner.error())));

    rdata_.clear();
    for (std::size_t i = 0; i < ldns_rr_rd_count(rr); ++i) {
      const Bytes field = octets_of(ldns_rr_rdf(rr, i));
      rdata_.insert(rdata_.end(), field.begin(), field.end());
    }
    const auto type = static_cast<dnswire::RrType>(ldns_rr_get_type(rr));
    if (const auto sound = check_rdata(type, rdata_); !sound) {
      return add_problem(line.number,
                         to_text(type) + " data: " + std::string(describe(sound.error())));
    }
    const auto outcome = builder_->add(*owner, type, dnswire::Ttl(ldns_rr_ttl(rr)), rdata_);
    if (!outcome) add_problem(line.number, outcome.error());
  }

  std::string file_;
  std::optional<ZoneBuilder> builder_;
  std::vector<Line> before_soa_;
  std::vector<std::uint8_t> rdata_;
  Problems problems_;
};

// What ldns would read over. Leaves the stream at its beginning.
Problems find_text_problems(const std::string& path, std::FILE* stream) {
  std::string text;
  std::array<char, 65536> part;
  while (const std::size_t size = std::fread(part.data(), 1, part.size(), stream)) {
    text.append(part.data(), size);
  }
  std::rewind(stream);
  Problems problems;
  for (TextProblem& problem : scan_master_text(text)) {
    if (problems.size() == kMaxProblems) break;
    problems.push_back({path, problem.line, 0, std::move(problem.text)});
  }
  return problems;
}

}  // namespace

tl::expected<Zone, Problems> load_master_file(const std::string& path) {
  const auto refuse = [&path](std::string text) {
    return tl::unexpected(Problems{{path, 0, 0, std::move(text)}});
  };
  std::error_code error;
  const auto kind = std::filesystem::status(path, error).type();
  if (kind != std::filesystem::file_type::not_found &&
      kind != std::filesystem::file_type::regular) {
    return refuse("is not a regular file");
  }
  const std::unique_ptr<std::FILE, CloseFile> stream(std::fopen(path.c_str(), "re"));
  if (!stream) return refuse(std::string("cannot be read: ") + std::strerror(errno));
  const auto origin = Name::from_text(std::filesystem::path(path).stem().string());
  if (!origin) {
    return refuse("the file's name is not a zone's name: " + std::string(describe(origin.error())));
  }
  if (auto problems = find_text_problems(path, stream.get()); !problems.empty()) {
    return tl::unexpected(std::move(problems));
  }
  Reader reader(path);
  reader.read(stream.get(), *origin);
  return std::move(reader).finish();
}

}  // namespace zones
