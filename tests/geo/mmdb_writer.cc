#include "mmdb_writer.h"

#include <bit>
#include <map>
#include <stdexcept>

#include "dnswire/address.h"

namespace geo {
namespace {

void append(std::string& out, std::uint64_t value, unsigned octets) {
  while (octets-- > 0) out.push_back(static_cast<char>(value >> (8 * octets)));
}

// The data section. A string that was written before becomes a pointer to it.
class Encoder {
 public:
  std::string out;

  void write(const MmdbValue& value) {
    std::visit([this](const auto& content) { write_content(content); }, value.value);
  }

 private:
  void write_head(unsigned type, std::size_t size) {
    const std::size_t inline_size = size < 29 ? size : size < 285 ? 29 : 30;
    if (size >= 65821) throw std::length_error("value too long");
    append(out, (type > 7 ? 0 : type) << 5 | inline_size, 1);
    if (type > 7) append(out, type - 7, 1);
    if (inline_size == 29) append(out, size - 29, 1);
    if (inline_size == 30) append(out, size - 285, 2);
  }
  void write_content(const std::string& text) {
    const auto [known, is_new] = strings_.try_emplace(text, out.size());
    if (!is_new) {
      append(out, 0x38, 1);  // a pointer of 32 bits
      append(out, known->second, 4);
      return;
    }
    write_head(2, text.size());
    out += text;
  }
  void write_content(double number) {
    write_head(3, 8);
    append(out, std::bit_cast<std::uint64_t>(number), 8);
  }
  void write_content(float number) {
    write_head(15, 4);
    append(out, std::bit_cast<std::uint32_t>(number), 4);
  }
  void write_integer(unsigned type, std::uint64_t number) {
    const auto octets = static_cast<unsigned>(std::bit_width(number) + 7) / 8;
    write_head(type, octets);
    append(out, number, octets);
  }
  void write_content(std::uint16_t number) { write_integer(5, number); }
  void write_content(std::uint32_t number) { write_integer(6, number); }
  void write_content(std::uint64_t number) { write_integer(9, number); }
  void write_content(bool truth) { write_head(14, truth ? 1 : 0); }
  void write_content(const MmdbMap& map) {
    write_head(7, map.size());
    for (const auto& [key, value] : map) {
      write_content(key);
      write(value);
    }
  }
  void write_content(const MmdbArray& array) {
    write_head(11, array.size());
    for (const MmdbValue& value : array) write(value);
  }

  std::map<std::string, std::size_t> strings_;
};

struct Slot {
  enum class Kind { Empty, Node, Data } kind = Kind::Empty;
  std::size_t index = 0;  // of a node, or where the data are
};

class SearchTree {
 public:
  explicit SearchTree(std::uint16_t ip_version) : ip_version_(ip_version) { nodes_.emplace_back(); }

  void set(std::string_view prefix, Slot content) {
    const auto parsed = dnswire::Prefix::from_text(prefix);
    if (!parsed) throw std::invalid_argument(std::string(prefix));
    const bool embedded =
        ip_version_ == 6 && parsed->address.family() == dnswire::Family::V4;  // at ::/96
    const unsigned zeros = embedded ? 96 : 0;
    const unsigned length = zeros + parsed->length;
    std::size_t node = 0;
    for (unsigned depth = 0;; ++depth) {
      const std::size_t side = depth >= zeros && parsed->address.bit(depth - zeros) ? 1 : 0;
      if (depth + 1 == length) {
        nodes_[node].sides[side] = content;
        return;
      }
      node = divide(node, side);
    }
  }

  [[nodiscard]] Slot ipv4_root() {
    std::size_t node = 0;
    for (unsigned depth = 0; depth < 96; ++depth) node = divide(node, 0);
    return {Slot::Kind::Node, node};
  }

  [[nodiscard]] std::size_t node_count() const { return nodes_.size(); }

  [[nodiscard]] std::string to_octets(unsigned record_size) const {
    std::string out;
    for (const Node& node : nodes_) {
      const std::uint64_t left = number_of(node.sides[0]);
      const std::uint64_t right = number_of(node.sides[1]);
      if (record_size == 28) {
        append(out, left & 0xFFFFFF, 3);
        append(out, (left >> 24) << 4 | right >> 24, 1);
        append(out, right & 0xFFFFFF, 3);
      } else {
        append(out, left, record_size / 8);
        append(out, right, record_size / 8);
      }
    }
    return out;
  }

 private:
  struct Node {
    Slot sides[2];
  };

  // The node on that side, which is made if there is none.
  std::size_t divide(std::size_t node, std::size_t side) {
    const Slot slot = nodes_[node].sides[side];
    if (slot.kind == Slot::Kind::Node) return slot.index;
    const std::size_t made = nodes_.size();
    nodes_.push_back({{slot, slot}});
    nodes_[node].sides[side] = {Slot::Kind::Node, made};
    return made;
  }

  [[nodiscard]] std::uint64_t number_of(Slot slot) const {
    if (slot.kind == Slot::Kind::Node) return slot.index;
    return nodes_.size() + (slot.kind == Slot::Kind::Empty ? 0 : 16 + slot.index);
  }

  std::uint16_t ip_version_;
  std::vector<Node> nodes_;
};

}  // namespace

std::string encode_value(const MmdbValue& value) {
  Encoder encoder;
  encoder.write(value);
  return encoder.out;
}

std::string write_mmdb(const std::vector<MmdbNetwork>& networks, const MmdbOptions& options) {
  SearchTree tree(options.ip_version);
  Encoder data;
  std::map<std::string, std::size_t> records;  // by encoding: equal ones are written once
  for (const MmdbNetwork& network : networks) {
    const auto [known, is_new] = records.try_emplace(encode_value(network.record), data.out.size());
    if (is_new) data.write(network.record);
    tree.set(network.prefix, {Slot::Kind::Data, known->second});
  }
  for (const std::string& alias : options.aliases) tree.set(alias, tree.ipv4_root());

  const MmdbMap metadata{
      {"node_count", static_cast<std::uint32_t>(tree.node_count())},
      {"record_size", options.record_size},
      {"ip_version", options.ip_version},
      {"database_type", options.type},
      {"languages", MmdbArray{"en"}},
      {"binary_format_major_version", std::uint16_t{2}},
      {"binary_format_minor_version", std::uint16_t{0}},
      {"build_epoch", options.build_epoch},
      {"description", MmdbMap{{"de", "Made for a test"}}},
  };
  return tree.to_octets(options.record_size) + std::string(16, '\0') + data.out +
         "\xAB\xCD\xEFMaxMind.com" + encode_value(metadata);
}

}  // namespace geo
