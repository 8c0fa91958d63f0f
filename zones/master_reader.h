// The records and directives of master files. Private to this folder.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dnswire/name.h"
#include "zones/master_file.h"
#include "zones/master_generate.h"
#include "zones/master_lexer.h"
#include "zones/master_line.h"
#include "zones/master_records.h"

namespace zones {

// Reads one file and those that it includes. For one zone; used once.
class MasterReader {
 public:
  // General: no line is read by MasterLine. It is slower and else the same, which tests rely on.
  enum class Lane : std::uint8_t { Fast, General };
  explicit MasterReader(const MasterOptions& options, Lane lane = Lane::Fast)
      : options_(options), lane_(lane), records_(options.limits, problems_) {}

  // Everything that is said of the zone; nothing of the text is needed afterwards.
  void read(std::string_view text, const std::string& file, dnswire::NameView origin);
  [[nodiscard]] tl::expected<Zone, Problems> finish() &&;

 private:
  // A file that is being read.
  struct Source {
    const std::string* file;  // in files_
    const Source* includer;   // nullptr for the first
    MasterLexer lexer;
    dnswire::Name origin;
    NameBuffer owner = {};             // of the record before
    std::string_view owner_text = {};  // as it was written, while it means the same; or empty
    bool has_record = false;           // before; its owner may have been refused
    bool has_owner = false;
  };
  // What stands in front of the data of a record.
  struct Head {
    std::optional<dnswire::Ttl> ttl;  // stated, or taken from what was said before
    dnswire::RrType type;
    std::size_t data;  // index of the first word behind it
  };

  void read_source(std::string_view text, const std::string& file, dnswire::NameView origin,
                   const Source* includer);
  [[nodiscard]] bool read_plain_line(Source& source);
  void read_entry(Source& source, const Entry& entry);
  void read_directive(Source& source, const Entry& entry);
  void read_origin(Source& source, const Entry& entry);
  void read_ttl_directive(const Source& source, const Entry& entry);
  void read_include(const Source& source, const Entry& entry);
  void read_generate(const Source& source, const Entry& entry);
  void generate(const Source& source, const Entry& entry, const Head& head);
  void generate_record(const Source& source, const Entry& entry, const Head& head,
                       const GenerateTemplate& owners, const GenerateTemplate& datas,
                       std::uint32_t number);
  void read_record(Source& source, const Entry& entry);
  [[nodiscard]] bool read_owner(Source& source, const Entry& entry);
  [[nodiscard]] std::optional<Head> read_head(const Source& source, const Entry& entry,
                                              std::size_t at);
  [[nodiscard]] std::optional<dnswire::RrType> read_type(const Source& source, const Entry& entry,
                                                         std::size_t at);
  [[nodiscard]] bool has_words(const Source& source, const Entry& entry, std::size_t least,
                               std::size_t most, std::string_view form);
  [[nodiscard]] bool may_include(const Source& source, const Token& word, const std::string& path);
  [[nodiscard]] bool count_text(const Source& source, Position position, std::size_t size);

  [[nodiscard]] std::optional<dnswire::Ttl> ttl_of(std::optional<dnswire::Ttl> stated);

  void problem(const Source& source, Position position, std::string text) {
    problems_.add(*source.file, position, std::move(text));
  }

  const MasterOptions& options_;
  Lane lane_;
  ProblemList problems_;
  MasterRecords records_;
  std::deque<std::string> files_;
  std::optional<dnswire::Ttl> default_ttl_;  // $TTL
  std::optional<dnswire::Ttl> last_ttl_;     // the last one that a record stated
  std::size_t text_size_ = 0;                // of all files and of what $GENERATE made
  std::size_t generated_ = 0;
  std::size_t included_ = 0;  // files, each time that one is included
  std::string scratch_;
  MasterLine line_;
};

}  // namespace zones
