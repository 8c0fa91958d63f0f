#include "server/config/pool_order_yaml.h"

#include <algorithm>

#include "server/config/place_yaml.h"

namespace config {
namespace {

constexpr std::string_view kUnknown = "unknown";

class OrderReader {
 public:
  OrderReader(YamlFile& file, std::string what, const std::vector<std::string>& members,
              steering::Pool& pool)
      : file_(file), what_(std::move(what)), members_(members), pool_(pool) {}

  void read(const YAML::Node& node) {
    const auto written = entries(file_, node, what_);
    if (node.IsMap() && node.size() == 0) file_.problem(node, what_ + " is empty");
    for (const Entry& entry : written) {
      if (entry.key == kUnknown) {
        pool_.order_elsewhere = read_members(entry);
      } else if (const auto place = read_code(entry)) {
        pool_.order.push_back({*place, read_members(entry)});
        keys_.push_back(entry.key);
      }
    }
  }

 private:
  std::optional<std::string> read_code(const Entry& entry) {
    const std::string& code = entry.key;
    const bool is_country = geo::find_country(code) != nullptr;
    const auto place = is_country ? std::optional(code) : subdivision_code(code);
    if (!place) {
      refuse_code(entry);
      return std::nullopt;
    }
    if (const std::string why = is_country ? "" : deny_subdivision(*place); !why.empty()) {
      file_.problem(entry.key_node, what_ + ": " + in_backticks(code) + " is " + why);
      return std::nullopt;
    }
    const auto same = std::ranges::find(pool_.order, *place, &steering::PlaceOrder::place);
    if (same == pool_.order.end()) return place;
    const auto index = static_cast<std::size_t>(same - pool_.order.begin());
    file_.problem(entry.key_node, what_ + ": " + in_backticks(code) + " is the same place as " +
                                      in_backticks(keys_[index]));
    return std::nullopt;
  }

  void refuse_code(const Entry& entry) {
    const std::string what = what_ + ": " + in_backticks(entry.key);
    if (geo::continent_from_text(entry.key)) {
      file_.problem(entry.key_node, what +
                                        " is a continent; here stand countries (`JP`), "
                                        "subdivisions (`US-VA`) and `unknown`, and continents in "
                                        "the rules of `dynamic`");
      return;
    }
    std::string hint = suggest_place(entry.key);
    if (hint.empty()) hint = suggest_among(entry.key, {kUnknown});
    file_.problem(
        entry.key_node,
        what + " is no country (`JP`), no subdivision (`US-VA`) and not `unknown`" + hint);
  }

  std::vector<std::uint32_t> read_members(const Entry& entry) {
    const std::string what = in_backticks(entry.key) + " in " + what_;
    std::vector<std::uint32_t> list;
    for (const YAML::Node& node : file_.list(entry.value, what)) {
      const auto name = file_.text(node, what);
      if (!name) continue;
      const auto found = std::ranges::find(members_, *name);
      if (found == members_.end()) {
        file_.problem(node, what + ": " + in_backticks(*name) + " is no member of the pool" +
                                suggest_among(*name, {members_.begin(), members_.end()}));
        continue;
      }
      const auto index = static_cast<std::uint32_t>(found - members_.begin());
      if (std::ranges::find(list, index) != list.end()) {
        file_.problem(node, what + ": " + in_backticks(*name) + " stands twice");
        continue;
      }
      list.push_back(index);
    }
    return list;
  }

  YamlFile& file_;
  std::string what_;
  const std::vector<std::string>& members_;
  steering::Pool& pool_;
  std::vector<std::string> keys_;  // as Pool::order, as written
};

}  // namespace

void read_order(YamlFile& file, const YAML::Node& node, const std::string& what,
                const std::vector<std::string>& members, steering::Pool& pool) {
  OrderReader(file, what, members, pool).read(node);
}

}  // namespace config
