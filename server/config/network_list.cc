#include "server/config/network_list.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <numeric>
#include <utility>

namespace config {
namespace {

namespace fs = std::filesystem;
using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Prefix;

constexpr std::size_t kMostMistakes = 20;          // that are told of one file, or list
constexpr std::uintmax_t kLargestFile = 32 << 20;  // octets: millions of networks

std::string trimmed(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r";
  line = line.substr(0, line.find('#'));
  const auto first = line.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return std::string(line.substr(first, line.find_last_not_of(kBlanks) - first + 1));
}

IpAddress last_of(const Prefix& net) {
  std::array<std::uint8_t, 16> octets{};
  const auto first = net.address.octets();
  std::copy(first.begin(), first.end(), octets.begin());
  for (unsigned bit = net.length; bit < net.address.bits(); ++bit) {
    octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] | (0x80U >> (bit % 8)));
  }
  return IpAddress::from_octets(net.address.family(), {octets.data(), first.size()});
}

// Addresses that hold an IPv4 address are looked at as that one.
bool holds_only_ipv4(const Prefix& net) {
  return net.address.family() == Family::V6 && net.address.unwrapped().family() == Family::V4 &&
         last_of(net).unwrapped().family() == Family::V4;
}

tl::expected<Prefix, std::string> network_of(std::string_view text) {
  auto net = parse_network(text);
  if (net && holds_only_ipv4(*net)) {
    return tl::unexpected(in_backticks(text) +
                          ", where addresses stand for IPv4 addresses, and are looked at as these: "
                          "write the IPv4 network");
  }
  return net;
}

class NetworkReader {
 public:
  NetworkReader(YamlFile& file, std::string_view what) : file_(file), what_(what) {}

  NetworkList read(const YAML::Node& node) {
    for (const YAML::Node& entry : file_.list(node, what_)) {
      if (entry.IsMap()) {
        read_file(entry);
      } else {
        read_network(entry);
      }
    }
    compare();
    return std::move(list_);
  }

 private:
  void read_network(const YAML::Node& node) {
    const auto text = file_.text(node, what_);
    if (!text) return;
    const auto net = network_of(*text);
    if (net) {
      add(*net, file_.spot(node));
    } else {
      file_.problem(node, what_ + " is " + net.error());
    }
  }

  void add(const Prefix& net, Spot spot) {
    list_.nets.push_back(net);
    list_.spots.push_back(std::move(spot));
    is_in_file_.push_back(false);
  }

  void read_file(const YAML::Node& node) {
    const Fields fields(file_, node, what_, {"file"});
    if (!fields.require("file")) return;
    const auto name = fields.text("file");
    if (!name) return;
    const YAML::Node at = *fields.find("file");
    const std::string path = file_.beside(*name);
    const auto refuse = [&](const std::string& why) {
      file_.problem(at, fields.named("file") + " names " + in_backticks(path) + ", which " + why);
    };
    std::error_code error;
    if (!fs::exists(path, error)) return refuse("is not there");
    if (!fs::is_regular_file(path, error)) return refuse("is no regular file");
    if (fs::file_size(path, error) > kLargestFile) return refuse("is over 32 MiB long");
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return refuse("cannot be read");
    list_.files.push_back(*name);
    files_at_.push_back(at);
    const std::size_t before = list_.nets.size();
    read_lines(stream, std::make_shared<const std::string>(path));
    list_.in_files += list_.nets.size() - before;
    if (list_.nets.size() == before && mistakes_ == 0) {
      file_.warning(at, in_backticks(*name) + " holds no network");
    }
  }

  void read_lines(std::istream& stream, const std::shared_ptr<const std::string>& path) {
    mistakes_ = 0;
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
      const std::string text = trimmed(line);
      if (text.empty()) continue;
      const auto net = network_of(text);
      const Spot spot{path, number, 0};
      if (net) {
        add(*net, spot);
        is_in_file_.back() = true;
      } else {
        tell(spot, "this is " + net.error());
      }
    }
    tell_how_many({path, 0, 0});
  }

  void tell(const Spot& spot, std::string text) {
    if (++mistakes_ <= kMostMistakes) file_.problem(spot, std::move(text));
  }

  void tell_how_many(const Spot& spot) {
    if (mistakes_ <= kMostMistakes) return;
    file_.problem(
        spot, "and " + std::to_string(mistakes_ - kMostMistakes) + " more mistakes of that kind");
  }

  // Sorted, a network comes right behind those that it is inside of.
  void compare() {
    std::vector<std::size_t> sorted(list_.nets.size());
    std::iota(sorted.begin(), sorted.end(), std::size_t{0});
    std::ranges::stable_sort(sorted, {}, [&](std::size_t i) { return list_.nets[i]; });
    std::vector<std::pair<std::size_t, std::size_t>> inside;  // whom, and in whom
    const std::size_t* wider = nullptr;                       // the last one that is in no other
    for (const std::size_t& i : sorted) {
      if (wider != nullptr && list_.nets[*wider].contains(list_.nets[i].address)) {
        inside.emplace_back(i, *wider);
      } else {
        wider = &i;
      }
    }
    std::ranges::sort(inside);
    refuse_repetitions(inside);
  }

  void refuse_repetitions(const std::vector<std::pair<std::size_t, std::size_t>>& inside) {
    mistakes_ = 0;
    std::size_t narrower = 0;
    std::string first;
    for (const auto& [i, wider] : inside) {
      const std::string net = "net " + list_.nets[i].to_text();
      if (list_.nets[i] == list_.nets[wider]) {
        tell(list_.spots[i], net + " stands twice in this rule: also in " + place_of(wider, i) +
                                 "; remove one of the two");
      } else if (!is_in_file_[i]) {
        tell(list_.spots[i],
             net + " is inside " + list_.nets[wider].to_text() + " of the same rule; remove it");
      } else if (++narrower == 1) {
        first = net + " in " + list_.nets[wider].to_text();
      }
    }
    if (mistakes_ > kMostMistakes) tell_how_many(list_.spots.front());
    if (narrower == 0) return;
    file_.warning(files_at_.front(), std::to_string(narrower) +
                                         (narrower == 1 ? " network is" : " networks are") +
                                         " inside others of the same rule, such as " + first);
  }

  std::string place_of(std::size_t one, std::size_t seen_from) const {
    const Spot& spot = list_.spots[one];
    const std::string line = "line " + std::to_string(spot.line);
    return *spot.file == *list_.spots[seen_from].file ? line : *spot.file + " " + line;
  }

  YamlFile& file_;
  std::string what_;
  NetworkList list_;
  std::vector<bool> is_in_file_;      // of each network
  std::vector<YAML::Node> files_at_;  // where they are named
  std::size_t mistakes_ = 0;
};

}  // namespace

NetworkList read_network_list(YamlFile& file, const YAML::Node& node, std::string_view what) {
  return NetworkReader(file, what).read(node);
}

}  // namespace config
