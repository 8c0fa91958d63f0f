#include "zones/master_reader.h"

#include <algorithm>
#include <filesystem>

#include "dnswire/rdata.h"
#include "zones/master_word.h"

namespace zones {

using dnswire::Name;
using dnswire::NameView;
using dnswire::RrClass;
using dnswire::RrType;
using dnswire::Ttl;

namespace {

constexpr std::size_t kMaxIncludes = 10'001;  // in one zone
constexpr int kMaxIncludeDepth = 16;

constexpr bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string bad_name(std::string_view word, dnswire::Error error) {
  return in_backticks(word) + " is no domain name: " + std::string(describe(error));
}

std::string bad_data(RrType type, std::string_view data, dnswire::Error error) {
  const std::string written = data.empty() ? "nothing" : in_backticks(data);
  if (dnswire::rdata_fields(type).empty() && !data.starts_with("\\#")) {
    return written + " is not understood: data of type " + to_text(type) +
           " can only be written as \\# LENGTH HEX (RFC 3597 5)";
  }
  return written + " is no " + to_text(type) + " data (" + std::string(describe(error)) +
         "); write " + rdata_syntax(type);
}

// What a type is mistaken for, in a line whose first word was taken for something else.
bool begins_record(std::string_view word) {
  return is_digit(word.front()) || dnswire::rr_class_from_text(word) ||
         dnswire::rr_type_from_text(word);
}

// The data of a $GENERATE: BIND has it as one word, quoted if it has blanks, and then its quotes
// are no part of it. Several words are understood as well.
std::string generate_data(const Entry& entry, std::size_t first) {
  std::string scratch;
  const std::string_view data = entry.text_from(first, scratch);
  const bool one_word = first + 1 == entry.tokens.size();
  if (!one_word || !data.starts_with('"')) return std::string(data);
  std::string text;
  for (std::size_t at = 1; at + 1 < data.size(); ++at) {
    if (data[at] == '\\' && data[at + 1] == '"' && at + 2 < data.size()) ++at;
    text += data[at];
  }
  return text;
}

}  // namespace

void MasterReader::read(std::string_view text, const std::string& file, NameView origin) {
  read_source(text, file, origin, nullptr);
}

tl::expected<Zone, Problems> MasterReader::finish() && {
  auto zone = std::move(records_).finish(files_.front());
  if (zone) return std::move(*zone);
  return tl::unexpected(std::move(problems_).take());
}

void MasterReader::read_source(std::string_view text, const std::string& file, NameView origin,
                               const Source* includer) {
  files_.push_back(file);
  Source source{&files_.back(), includer, MasterLexer(text), Name(origin)};
  if (includer != nullptr) {
    source.owner = includer->owner;
    source.has_record = includer->has_record;
    source.has_owner = includer->has_owner;
  }
  if (!count_text(source, {}, text.size())) return;
  if (auto binary = find_binary(text)) {
    return problem(source, binary->position, std::move(binary->text));
  }
  records_.expect(static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1);
  while (!problems_.full()) {
    if (lane_ == Lane::Fast && read_plain_line(source)) continue;
    auto entry = source.lexer.next();
    if (!entry) {
      problem(source, entry.error().position, std::move(entry.error().text));
      continue;
    }
    if (*entry == nullptr) return;
    read_entry(source, **entry);
  }
}

bool MasterReader::count_text(const Source& source, Position position, std::size_t size) {
  text_size_ += size;
  if (text_size_ <= options_.max_text) return true;
  problem(source, position,
          "the zone's text is longer than " + std::to_string(options_.max_text) + " octets");
  return false;
}

// Reads the next line, if it is one that is done with quickly.
bool MasterReader::read_plain_line(Source& source) {
  if (!line_.read(source.lexer.rest(), source.origin)) return false;
  const std::string_view owner = line_.owner_text();
  if (owner.empty()) {
    if (!source.has_owner) return false;
  } else if (owner != source.owner_text) {
    NameBuffer name;
    if (!name.read_plain(owner, source.origin)) return false;
    source.owner.assign(name.view());
    source.owner_text = owner;
    source.has_record = source.has_owner = true;
  }
  const Position position{source.lexer.line(), static_cast<int>(line_.start()) + 1};
  source.lexer.skip_line(line_.size());
  records_.add({source.file, position}, source.owner.view(), line_.type(), ttl_of(line_.ttl()),
               line_.rdata());
  return true;
}

void MasterReader::read_entry(Source& source, const Entry& entry) {
  if (!entry.begins_with_blank && entry.tokens.front().text.starts_with('$')) {
    read_directive(source, entry);
  } else {
    read_record(source, entry);
  }
}

void MasterReader::read_directive(Source& source, const Entry& entry) {
  const Token& word = entry.tokens.front();
  if (equal_ignoring_case(word.text, "$ORIGIN")) return read_origin(source, entry);
  if (equal_ignoring_case(word.text, "$TTL")) return read_ttl_directive(source, entry);
  if (equal_ignoring_case(word.text, "$INCLUDE")) return read_include(source, entry);
  if (equal_ignoring_case(word.text, "$GENERATE")) return read_generate(source, entry);
  problem(source, word.position,
          "unknown directive " + in_backticks(word.text) +
              "; there are $ORIGIN, $TTL, $INCLUDE and $GENERATE, and an owner that begins with a "
              "dollar sign is written \\$");
}

// `least` and `most` count what stands behind the directive.
bool MasterReader::has_words(const Source& source, const Entry& entry, std::size_t least,
                             std::size_t most, std::string_view form) {
  const std::size_t count = entry.tokens.size() - 1;
  if (count >= least && count <= most) return true;
  const Token& at = count < least ? entry.tokens.back() : entry.tokens[most + 1];
  problem(
      source, at.position,
      std::string(count < least ? "something is missing" : in_backticks(at.text) + " is too much") +
          "; write " + std::string(form));
  return false;
}

void MasterReader::read_origin(Source& source, const Entry& entry) {
  if (!has_words(source, entry, 1, 1, "$ORIGIN NAME")) return;
  const Token& word = entry.tokens[1];
  auto origin = Name::from_text(word.text, source.origin);
  if (!origin) return problem(source, word.position, bad_name(word.text, origin.error()));
  source.origin = std::move(*origin);
  source.owner_text = {};
}

// RFC 2308 4.
void MasterReader::read_ttl_directive(const Source& source, const Entry& entry) {
  if (!has_words(source, entry, 1, 1, "$TTL SECONDS")) return;
  const Token& word = entry.tokens[1];
  const auto ttl = read_ttl(word.text);
  if (!ttl) return problem(source, word.position, ttl.error());
  default_ttl_ = *ttl;
}

void MasterReader::read_include(const Source& source, const Entry& entry) {
  if (!has_words(source, entry, 1, 2, "$INCLUDE FILE [ORIGIN]")) return;
  const Token& word = entry.tokens[1];
  Name origin = source.origin;
  if (entry.tokens.size() > 2) {
    const Token& origin_word = entry.tokens[2];
    auto name = Name::from_text(origin_word.text, source.origin);
    if (!name) {
      return problem(source, origin_word.position, bad_name(origin_word.text, name.error()));
    }
    origin = std::move(*name);
  }
  const std::filesystem::path folder = std::filesystem::path(*source.file).parent_path();
  const std::string path = (folder / unquote(word.text)).lexically_normal().string();
  if (!may_include(source, word, path)) return;
  const auto text = options_.read_file(path);
  if (!text) return problem(source, word.position, in_backticks(path) + " " + text.error());
  read_source(*text, path, origin, &source);
}

// Files that include each other are found by their names, or else by the depth.
bool MasterReader::may_include(const Source& source, const Token& word, const std::string& path) {
  if (!options_.read_file) {
    problem(source, word.position, "$INCLUDE cannot be used here; write the records instead");
    return false;
  }
  if (included_ == kMaxIncludes) return false;
  if (++included_ == kMaxIncludes) {
    problem(source, word.position,
            "$INCLUDE is used more than " + std::to_string(kMaxIncludes - 1) +
                " times; do files include each other?");
    return false;
  }
  int depth = 0;
  bool circle = false;
  std::string chain = path;
  for (const Source* above = &source; above != nullptr; above = above->includer) {
    ++depth;
    circle = circle || std::filesystem::path(*above->file).lexically_normal() == path;
    chain = *above->file + ", " + chain;
  }
  if (!circle && depth <= kMaxIncludeDepth) return true;
  problem(
      source, word.position,
      (circle ? std::string("$INCLUDE goes round in a circle: ")
              : "$INCLUDE is nested more than " + std::to_string(kMaxIncludeDepth) + " deep: ") +
          chain);
  return false;
}

void MasterReader::read_generate(const Source& source, const Entry& entry) {
  constexpr std::size_t kOwner = 2;
  constexpr std::string_view kForm = "$GENERATE RANGE OWNER [TTL] [IN] TYPE DATA";
  if (!has_words(source, entry, 4, entry.tokens.size(), kForm)) return;
  const auto head = read_head(source, entry, kOwner + 1);
  if (!head) return;
  if (head->data == entry.tokens.size()) {
    return problem(source, entry.tokens.back().position,
                   "something is missing; write " + std::string(kForm));
  }
  generate(source, entry, *head);
}

void MasterReader::generate(const Source& source, const Entry& entry, const Head& head) {
  const Token& range_word = entry.tokens[1];
  const Token& owner_word = entry.tokens[2];
  const Token& data_word = entry.tokens[head.data];
  const auto range = GenerateRange::from_text(range_word.text);
  if (!range) return problem(source, range_word.position, range.error());
  const auto owners = GenerateTemplate::from_text(owner_word.text);
  if (!owners) return problem(source, owner_word.position, owners.error());
  const std::string data_text = generate_data(entry, head.data);
  const auto datas = GenerateTemplate::from_text(data_text);
  if (!datas) return problem(source, data_word.position, datas.error());
  generated_ += range->size();
  if (generated_ > options_.max_generated) {
    return problem(source, range_word.position,
                   "all $GENERATE together make more than " +
                       std::to_string(options_.max_generated) + " records");
  }
  // The first number that is wrong tells what there is to tell.
  const std::size_t problems_before = problems_.size();
  for (std::uint32_t i = 0; i < range->size() && problems_.size() == problems_before; ++i) {
    generate_record(source, entry, head, *owners, *datas, range->at(i));
  }
}

void MasterReader::generate_record(const Source& source, const Entry& entry, const Head& head,
                                   const GenerateTemplate& owners, const GenerateTemplate& datas,
                                   std::uint32_t number) {
  const auto refuse = [&](std::size_t token, const std::string& text) {
    problem(source, entry.tokens[token].position,
            text + " (number " + std::to_string(number) + ")");
  };
  std::string owner_text;
  std::string text;
  if (!owners.expand(number, owner_text) || !datas.expand(number, text)) {
    return refuse(1, "a number and its offset are too large");
  }
  const Position position = entry.tokens[0].position;
  if (!count_text(source, position, owner_text.size() + text.size())) return;
  const auto owner = Name::from_text(owner_text, source.origin);
  if (!owner) return refuse(2, bad_name(owner_text, owner.error()));
  const auto rdata = rdata_from_text(head.type, text, source.origin);
  if (!rdata) return refuse(head.data, bad_data(head.type, text, rdata.error()));
  records_.add({source.file, position}, *owner, head.type, head.ttl, *rdata);
}

void MasterReader::read_record(Source& source, const Entry& entry) {
  if (!read_owner(source, entry)) return;
  const auto head = read_head(source, entry, entry.begins_with_blank ? 0 : 1);
  if (!head) return;
  const std::string_view data = entry.text_from(head->data, scratch_);
  const auto rdata = rdata_from_text(head->type, data, source.origin);
  if (!rdata) {
    const std::size_t at = std::min(head->data, entry.tokens.size() - 1);
    return problem(source, entry.tokens[at].position, bad_data(head->type, data, rdata.error()));
  }
  if (!source.has_owner) return;  // refused already
  records_.add({source.file, entry.tokens.front().position}, source.owner.view(), head->type,
               head->ttl, *rdata);
}

// RFC 1035 5.1: a line that begins with a blank has the owner of the one before. False if there is
// none; a name that is refused leaves the record without an owner, so that its other lines can be
// read.
bool MasterReader::read_owner(Source& source, const Entry& entry) {
  const Token& word = entry.tokens.front();
  if (entry.begins_with_blank) {
    if (source.has_record) return true;
    problem(source, word.position,
            "a line that begins with a blank has the owner of the record before it, and there is "
            "none; write the owner at the beginning of the line");
    return false;
  }
  if (source.has_owner && word.text == source.owner_text) return true;
  const auto owner = Name::from_text(word.text, source.origin);
  source.has_record = true;
  source.has_owner = owner.has_value();
  source.owner_text = {};
  if (owner) {
    source.owner.assign(*owner);
    source.owner_text = word.text;
  } else {
    problem(source, word.position, bad_name(word.text, owner.error()));
  }
  return true;
}

// TTL and class, in either order, and the type. RFC 1035 5.1.
std::optional<MasterReader::Head> MasterReader::read_head(const Source& source, const Entry& entry,
                                                          std::size_t at) {
  std::optional<Ttl> stated;
  bool has_class = false;
  for (; at < entry.tokens.size(); ++at) {
    const Token& word = entry.tokens[at];
    if (!stated && is_digit(word.text.front())) {
      const auto ttl = read_ttl(word.text);
      if (!ttl) {
        problem(source, word.position, ttl.error());
        return std::nullopt;
      }
      stated = *ttl;
      continue;
    }
    const auto klass = dnswire::rr_class_from_text(word.text);
    if (has_class || !klass) break;
    if (*klass != RrClass::IN) {
      problem(source, word.position,
              "a record of class " + in_backticks(word.text) + "; only IN is served");
      return std::nullopt;
    }
    has_class = true;
  }
  const auto type = read_type(source, entry, at);
  if (!type) return std::nullopt;
  return Head{ttl_of(stated), *type, at + 1};
}

// RFC 2308 4, RFC 1035 5.1. Absent: nobody has said anything yet.
std::optional<Ttl> MasterReader::ttl_of(std::optional<Ttl> stated) {
  if (stated) last_ttl_ = stated;
  return stated ? stated : default_ttl_ ? default_ttl_ : last_ttl_;
}

std::optional<RrType> MasterReader::read_type(const Source& source, const Entry& entry,
                                              std::size_t at) {
  if (at == entry.tokens.size()) {
    problem(source, entry.tokens.back().position,
            "the record ends before its type; write OWNER [TTL] [IN] TYPE DATA");
    return std::nullopt;
  }
  const Token& word = entry.tokens[at];
  const auto type = dnswire::rr_type_from_text(word.text);
  if (type && !is_meta(*type)) return *type;
  if (type) {
    problem(source, word.position, to_text(*type) + " is not a type that a zone can hold");
    return std::nullopt;
  }
  std::string hint = suggest_type(word.text);
  if (at == 0 && word.text.starts_with('$')) {
    hint = "; a directive has no blank before it";
  } else if (at == 0 && entry.tokens.size() > 1 && begins_record(entry.tokens[1].text)) {
    hint = "; if it is the owner, remove the blank before it";
  } else if (hint.empty()) {
    hint = "; any type may be written by its number, as `TYPE65280`";
  }
  problem(source, word.position, "unknown record type " + in_backticks(word.text) + hint);
  return std::nullopt;
}

}  // namespace zones
