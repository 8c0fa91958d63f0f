#include "server/admin/world_map_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <tuple>

namespace admin {
namespace {

constexpr std::size_t kLineWidth = 100;

// "12.3%"; what is there is never shown as nothing, nor as all while there is a rest.
std::string percent(double part) {
  constexpr double kRounding = 0.0005;
  if (part > 0 && part < kRounding) return "<0.1%";
  if (part < 1 && part >= 1 - kRounding) return ">99.9%";
  std::array<char, 16> text{};
  std::ignore = std::snprintf(text.data(), text.size(), "%.1f%%", part * 100);
  return text.data();
}

// "+4.5", or nothing if it rounds to that.
std::string gain(double part) {
  if (std::abs(part) < 0.0005) return {};
  std::array<char, 16> text{};
  std::ignore = std::snprintf(text.data(), text.size(), "%+.1f", part * 100);
  return text.data();
}
std::string gain(std::ptrdiff_t countries) {
  if (countries == 0) return {};
  return (countries > 0 ? "+" : "") + std::to_string(countries);
}

const WorldShare* find(const std::vector<WorldShare>& shares, const std::string& who) {
  const auto found = std::ranges::find(shares, who, &WorldShare::who);
  return found == shares.end() ? nullptr : &*found;
}

// "tokyo 60.0%, frankfurt 40.0%", by the family that there is.
std::string list_of(const std::vector<WorldShare>& shares) {
  const bool has_ipv4 =
      std::ranges::any_of(shares, [](const WorldShare& share) { return share.ipv4 > 0; });
  std::string text;
  for (const WorldShare& share : shares) {
    text += (text.empty() ? "" : ", ") + share.who;
    if (shares.size() > 1) text += " " + percent(has_ipv4 ? share.ipv4 : share.ipv6);
  }
  return text;
}

class Table {
 public:
  struct Row {
    std::string name;
    std::array<std::string, 3> values;  // countries, IPv4, IPv6
    std::array<std::string, 3> gains;
    std::string after;  // the rest of the line
  };
  void add(Row row) { rows_.push_back(std::move(row)); }
  void add_line(std::string line) { rows_.push_back({std::move(line), {}, {}, {}}); }

  [[nodiscard]] std::string text() const {
    std::size_t name = 0;
    std::array<std::size_t, 3> values{};
    std::array<std::size_t, 3> gains{};
    for (const Row& row : rows_) {
      if (row.values[0].empty()) continue;
      name = std::max(name, row.name.size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = std::max(values[i], row.values[i].size());
        gains[i] = std::max(gains[i], row.gains[i].size());
      }
    }
    std::string text;
    for (const Row& row : rows_) {
      std::string line = row.name;
      for (std::size_t i = 0; i < values.size() && !row.values[0].empty(); ++i) {
        if (i == 0) line.resize(name, ' ');
        line += "  " + std::string(values[i] - row.values[i].size(), ' ') + row.values[i];
        if (gains[i] > 0)
          line += " " + row.gains[i] + std::string(gains[i] - row.gains[i].size(), ' ');
      }
      if (!row.after.empty()) line += "  " + row.after;
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
    }
    return text;
  }

 private:
  std::vector<Row> rows_;
};

class Writer {
 public:
  Writer(const WorldMap& map, bool with_countries) : map_(map), with_countries_(with_countries) {}

  std::string text() {
    table_.add({"now", {"countries", "IPv4", "IPv6"}, {}, {}});
    for (const WorldShare& share : map_.now.known) add(share, nullptr);
    add_unknown();
    for (const WorldWithout& without : map_.without) add(without);
    return head() + table_.text() + tail();
  }

 private:
  std::string head() const {
    std::string text = map_.name.to_text() + " " + to_text(map_.type) + " in " +
                       std::to_string(map_.countries) + " countries";
    for (const std::string& database : map_.databases) {
      text += (&database == &map_.databases.front() ? ", by " : " and ") + database;
    }
    if (map_.databases.empty()) text += " (no geo database is loaded)";
    text += "\n\n";
    for (const std::string& assumed : map_.assumed) text += "assumed " + assumed + "\n";
    return text + (map_.assumed.empty() ? "" : "\n");
  }

  std::string tail() const {
    if (map_.left_out.empty()) return {};
    std::string names;
    for (const std::string& name : map_.left_out) names += (names.empty() ? "" : ", ") + name;
    return "without one of " + std::to_string(map_.left_out.size()) +
           " others: see --assume down:NAME for " + names + "\n";
  }

  void add(const WorldShare& share, const WorldShare* before) {
    Table::Row row;
    row.name = "  " + share.who;
    row.values = {std::to_string(share.countries.size()), percent(share.ipv4), percent(share.ipv6)};
    std::vector<geo::CountryCode> countries = share.countries;
    if (before != nullptr) {
      row.gains = {gain(std::ssize(share.countries) - std::ssize(before->countries)),
                   gain(share.ipv4 - before->ipv4), gain(share.ipv6 - before->ipv6)};
      std::erase_if(countries, [before](const geo::CountryCode& country) {
        return std::ranges::find(before->countries, country) != before->countries.end();
      });
    }
    table_.add(std::move(row));
    if (with_countries_) add_countries(countries);
  }

  void add_countries(const std::vector<geo::CountryCode>& countries) {
    std::string line;
    for (const geo::CountryCode& country : countries) {
      if (line.size() + 3 > kLineWidth) {
        table_.add_line(std::exchange(line, {}));
      }
      line += (line.empty() ? "    " : " ") + std::string(country.text());
    }
    if (!line.empty()) table_.add_line(std::move(line));
  }

  void add_unknown() {
    if (map_.now.unknown.empty()) return;
    table_.add({"  unknown place",
                {"-", percent(map_.unknown_ipv4), percent(map_.unknown_ipv6)},
                {},
                "of all addresses: " + list_of(map_.now.unknown)});
  }

  void add(const WorldWithout& without) {
    table_.add_line("without " + without.who +
                    (without.is_checked ? "" : ", which no check judges"));
    bool changes = false;
    static const WorldShare kNone;
    for (const WorldShare& share : without.world.known) {
      const WorldShare* before = find(map_.now.known, share.who);
      if (before == nullptr) before = &kNone;
      if (!differs(share, *before)) continue;
      add(share, before);
      changes = true;
    }
    if (list_of(map_.now.unknown) != list_of(without.world.unknown)) {
      table_.add_line("  unknown place: " + list_of(without.world.unknown));
      changes = true;
    }
    if (!changes) table_.add_line("  nobody takes over: the answers stay as they are");
  }

  static bool differs(const WorldShare& a, const WorldShare& b) {
    return a.countries != b.countries || !gain(a.ipv4 - b.ipv4).empty() ||
           !gain(a.ipv6 - b.ipv6).empty();
  }

  const WorldMap& map_;
  bool with_countries_;
  Table table_;
};

}  // namespace

std::string world_map_text(const WorldMap& map, bool with_countries) {
  return Writer(map, with_countries).text();
}

}  // namespace admin
