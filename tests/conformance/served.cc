#include "tests/conformance/served.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "geo/map.h"
#include "tests/geo/mmdb_writer.h"
#include "tests/geo/temporary_file.h"

namespace conformance {
namespace {

namespace fs = std::filesystem;

// A folder that exists as long as its object.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(testing::TempDir() + "zones-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "cannot make " << path_;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] fs::path path() const { return path_; }

 private:
  std::string path_;
};

void write(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) ADD_FAILURE() << "cannot write " << path;
}

geo::MmdbMap record_of(const std::string& place) {
  geo::MmdbMap record;
  std::istringstream words(place);
  std::string word;
  words >> word;
  if (std::isalpha(static_cast<unsigned char>(word.front())) != 0) {
    record.emplace_back("country_code", geo::MmdbValue(word));
    word.clear();
    words >> word;
  }
  if (word.empty()) return record;
  record.emplace_back("latitude", geo::MmdbValue(std::stod(word)));
  words >> word;
  record.emplace_back("longitude", geo::MmdbValue(std::stod(word)));
  return record;
}

// Nobody has a verdict yet; who has no check is up for good.
health::Board unknown_board(const health::Roster& roster) {
  std::vector<health::Standing> standings(roster.subjects.size());
  for (std::size_t i = 0; i < standings.size(); ++i) {
    if (roster.subjects[i].checks.empty()) continue;
    standings[i].state = health::State::Unknown;
    standings[i].steady = std::chrono::seconds(0);
  }
  return health::Board(std::move(standings));
}

}  // namespace

geo::Map make_map(const std::vector<Place>& places) {
  if (places.empty()) return geo::Map();
  std::vector<geo::MmdbNetwork> networks;
  for (const Place& place : places) networks.push_back({place.network, record_of(place.place)});
  const geo::TemporaryFile file(geo::write_mmdb(networks));
  geo::LoadedMap loaded = geo::load_map(std::span(&file.path(), 1));
  for (const std::string& problem : loaded.problems) ADD_FAILURE() << problem;
  return std::move(loaded.map);
}

const dnswire::IpAddress Served::kResolver = dnswire::IpAddress::from_text("198.51.100.53").value();

Served::Served(const std::vector<File>& files, const std::vector<Place>& places) {
  const TemporaryFolder folder;
  write(folder.path() / "fairlead.yaml", "zones: zones\n");
  fs::create_directory(folder.path() / "zones");
  for (const File& file : files) write(folder.path() / "zones" / file.name, file.text);

  auto loaded = config::load((folder.path() / "fairlead.yaml").string());
  if (!loaded) {
    for (const auto& problem : loaded.error()) ADD_FAILURE() << problem.to_text();
    return;
  }
  loaded_ = true;
  configuration_ = std::move(*loaded);
  snapshot_.zones = configuration_.zones;
  snapshot_.plan = configuration_.plan;
  snapshot_.map = std::make_shared<const geo::Map>(make_map(places));
  snapshot_.atlas = std::make_shared<const steering::Atlas>(
      steering::Atlas::compile(*snapshot_.plan, *snapshot_.map));
  publish(unknown_board(*configuration_.roster));
}

void Served::publish(health::Board board) {
  ++snapshot_.generation;
  snapshot_.board = std::make_shared<const health::Board>(std::move(board));
  snapshot_.variants = std::make_shared<const answer::Variants>(answer::Variants::make(
      snapshot_.plan, snapshot_.atlas, snapshot_.board, *snapshot_.variants));
}

void Served::know(answer::AliasTable aliases) {
  snapshot_.aliases = std::make_shared<const answer::AliasTable>(std::move(aliases));
}

void Served::set(answer::Settings settings) {
  snapshot_.settings = std::make_shared<const answer::Settings>(std::move(settings));
}

Reply Served::ask(const Ask& ask, const answer::Client& client) {
  return send(to_bytes(ask), client);
}

Reply Served::send(dnswire::Bytes message, const answer::Client& client) {
  if (!loaded_) return {};
  return read_reply(answer::answer(message, client, snapshot_, now_, *scratch_));
}

std::string Served::text_of(std::string_view name_and_type) {
  const auto space = name_and_type.find(' ');
  Ask question;
  question.name = name_and_type.substr(0, space);
  question.type = name_and_type.substr(space + 1);
  return to_sorted_text(ask(question));
}

}  // namespace conformance
