#include "server/admin/pool_table.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

namespace admin {
namespace {

using steering::Pick;

constexpr std::size_t kLeastState = 10;  // "recovering", so that the column seldom moves
constexpr std::size_t kIndent = 2;

// Letters, not octets: names may be UTF-8.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t letters = width_of(text);
  if (letters < width) text.append(width - letters, ' ');
  return text;
}

std::string km(double distance) { return std::to_string(std::lround(distance)) + " km"; }

// The members of a pool, and of those in it, as a table.
class PoolTable {
 public:
  explicit PoolTable(const ExplainedPool& pool) { add_members(pool, 0); }

  [[nodiscard]] std::vector<std::string> rows() const {
    std::size_t name = 0;
    std::size_t address = 0;
    std::size_t state = kLeastState;
    std::size_t measure = 0;
    for (const Row& row : rows_) {
      if (row.is_heading) continue;
      name = std::max(name, row.indent + width_of(row.name));
      address = std::max(address, width_of(row.address));
      state = std::max(state, width_of(row.state));
      measure = std::max(measure, width_of(row.measure));
    }
    std::vector<std::string> lines;
    for (const Row& row : rows_) {
      std::string cells = std::string(row.indent, ' ') + row.mark + " ";
      if (row.is_heading || row.address.empty()) {
        cells += row.is_heading ? row.name : padded(row.name, name - row.indent) + "  " + row.why;
      } else {
        cells += padded(row.name, name - row.indent) + "  " + padded(row.address, address) + "  " +
                 padded(row.state, state) + "  ";
        if (measure > 0) cells += padded(row.measure, measure) + "  ";
        cells += row.why;
      }
      cells.erase(cells.find_last_not_of(' ') + 1);
      lines.push_back(std::move(cells));
    }
    return lines;
  }

 private:
  struct Row {
    std::size_t indent = 0;
    bool is_heading = false;
    std::string mark;
    std::string name;  // the whole of a heading
    std::string address;
    std::string state;
    std::string measure;
    std::string why;
  };

  void add_heading(std::size_t indent, std::string mark, std::string text) {
    Row& row = rows_.emplace_back();
    row.indent = indent;
    row.is_heading = true;
    row.mark = std::move(mark);
    row.name = std::move(text);
  }

  void add_members(const ExplainedPool& pool, std::size_t indent) {
    if (pool.origin_down) {
      add_heading(indent, "!",
                  "origin down: every member passes its edge checks and fails those of the "
                  "origin");
    }
    std::vector<const ExplainedMember*> members;
    for (const ExplainedMember& member : pool.members) members.push_back(&member);
    std::ranges::stable_sort(members, [](const auto* a, const auto* b) {
      return a->position.value_or(SIZE_MAX) < b->position.value_or(SIZE_MAX);
    });
    for (const ExplainedMember* member : members) add_member(*member, pool, indent);
  }

  void add_member(const ExplainedMember& member, const ExplainedPool& pool, std::size_t indent) {
    const std::string mark = member.chosen ? "✓" : "-";
    const std::string measure = measure_of(member, pool.pick);
    if (!member.pools.empty()) return add_pools(member, mark, measure, indent);
    if (member.addresses.empty()) {
      rows_.push_back({indent, false, mark, member.name, {}, {}, {}, member.why});
    }
    // The reason stands beside the first address that is like the member, in or out.
    bool said = false;
    for (const ExplainedAddress& address : member.addresses) {
      const bool is_first = &address == &member.addresses.front();
      std::string why;
      if (address.chosen == member.chosen) {
        if (!std::exchange(said, true)) why = member.why;
      } else {
        why = address.served ? "over max" : "is out";
      }
      if (!address.notes.empty()) why += (why.empty() ? "(" : " (") + address.notes + ")";
      rows_.push_back({indent, false, address.chosen ? "✓" : "-", is_first ? member.name : "",
                       address.address.to_text(), address.state, is_first ? measure : "", why});
    }
  }

  void add_pools(const ExplainedMember& member, const std::string& mark, const std::string& measure,
                 std::size_t indent) {
    const std::string aside = " (" + (measure.empty() ? "" : measure + ", ") + member.why + ")";
    for (const ExplainedPool& pool : member.pools) {
      const bool is_first = &pool == &member.pools.front();
      add_heading(indent, is_first ? mark : " ",
                  is_first ? "pool " + pool_head(pool, aside, true)
                           : "then pool " + pool_head(pool, "", true));
      add_members(pool, indent + kIndent);
    }
  }

  static std::string measure_of(const ExplainedMember& member, Pick pick) {
    if (pick == Pick::Nearest) {
      if (!member.distance) return "? km";
      if (member.bias == 0) return km(*member.distance);
      return km(*member.counted_as) + " (" + std::to_string(std::lround(*member.distance)) +
             ", bias " + (member.bias > 0 ? "+" : "") + std::to_string(member.bias) + "%)";
    }
    if (pick != Pick::Weighted && pick != Pick::Sticky) return {};
    return "weight " + std::to_string(member.weight) +
           (member.weight == member.configured_weight
                ? ""
                : " (" + std::to_string(member.configured_weight) + " configured)");
  }

  std::vector<Row> rows_;
};

}  // namespace

std::string pool_head(const ExplainedPool& pool, const std::string& aside, bool by_health) {
  std::string text = pool.name + aside;
  if (!pool.has_family) return text + ", no member has an address of this family";
  text += ", pick " + std::string(to_text(pool.pick));
  if (!pool.order_for.empty()) text += " in the order for " + pool.order_for;
  text += ": " + std::to_string(pool.healthy) + " healthy";
  if (pool.stands_in) return text;
  text += ", needs " + std::to_string(pool.needs);
  if (pool.healthy >= pool.needs) return text;
  if (pool.serves) {
    if (by_health) text += "; no pool behind it has enough, so it serves";
  } else if (!pool.then.empty()) {
    text += "; spills to " + pool.then;
  }
  return text;
}

std::vector<std::string> pool_table(const ExplainedPool& pool) { return PoolTable(pool).rows(); }

}  // namespace admin
