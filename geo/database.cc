#include "geo/database.h"

#include <maxminddb.h>

#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "geo/location_index.h"
#include "geo/metadata_check.h"
#include "geo/private_copy.h"
#include "geo/record.h"

namespace geo {
namespace {

// Opens and closes.
class File {
 public:
  explicit File(const std::string& path) noexcept
      : status_(MMDB_open(path.c_str(), MMDB_MODE_MMAP, &file_)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (status_ == MMDB_SUCCESS) MMDB_close(&file_);
  }
  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] const MMDB_s& get() const noexcept { return file_; }

 private:
  MMDB_s file_{};
  int status_;
};

// Walks the search tree once. Whatever the file holds, this ends: the depth is limited, and so is
// the number of nodes read (a tree whose nodes point back up or are shared would have no end).
class TreeCompiler {
 public:
  explicit TreeCompiler(const MMDB_s& file)
      : file_(file), nodes_left_(std::uint64_t{kMaxVisits} * file.metadata.node_count) {}

  // Empty if the file is damaged.
  std::optional<Tree> compile() {
    const bool both = file_.metadata.ip_version == 6;
    const MMDB_ipv4_start_node_s& start = file_.ipv4_start_node;
    tree_.root4 = walk(both ? start.node_value : 0, kMaxDepth4, both ? 128 - start.netmask : 32);
    if (both) {
      // MaxMind's trees have IPv4 at ::/96, and links to there at ::ffff:0:0/96, 2002::/16 and
      // 2001::/32: no IPv6 networks, and looked up as IPv4.
      if (start.node_value < file_.metadata.node_count) ipv4_node_ = start.node_value;
      tree_.root6 = walk(0, kMaxDepth6, 128);
    }
    if (damaged_) return std::nullopt;
    tree_.records = std::move(records_).take();
    return std::move(tree_);
  }

  [[nodiscard]] std::size_t networks() const noexcept { return networks_; }

 private:
  using Link = Tree::Link;
  static constexpr unsigned kMaxVisits = 4;  // per node; 1 in trees without shared parts

  // `value` is what a search node holds: the number of a node, or of a record if it is larger.
  // `depth` is how many more bits we follow, `bits` how many more the tree may.
  Link walk(std::uint32_t value, unsigned depth, unsigned bits) {
    if (damaged_ || value == ipv4_node_) return Tree::kLeaf;
    if (value >= file_.metadata.node_count) return leaf(value);
    if (depth == 0) return leaf(first_record(value, bits));
    MMDB_search_node_s node;
    if (!read_node(value, node)) return Tree::kLeaf;
    const auto index = static_cast<Link>(tree_.nodes.size());
    tree_.nodes.emplace_back();
    const Link left = walk(static_cast<std::uint32_t>(node.left_record), depth - 1, bits - 1);
    const Link right = walk(static_cast<std::uint32_t>(node.right_record), depth - 1, bits - 1);
    if (left == right && (left & Tree::kLeaf) != 0) {
      tree_.nodes.pop_back();  // leaves have no nodes: ours is the last one
      return left;
    }
    tree_.nodes[index] = {{left, right}};
    return index;
  }

  // The record of the first address below a node.
  std::uint32_t first_record(std::uint32_t value, unsigned bits) {
    const std::uint32_t nothing = file_.metadata.node_count;
    while (value < file_.metadata.node_count) {
      if (value == ipv4_node_) return nothing;
      MMDB_search_node_s node;
      if (bits-- == 0) damaged_ = true;
      if (damaged_ || !read_node(value, node)) return nothing;
      value = static_cast<std::uint32_t>(node.left_record);
    }
    return value;
  }

  bool read_node(std::uint32_t number, MMDB_search_node_s& node) {
    damaged_ = nodes_left_ == 0 || MMDB_read_node(&file_, number, &node) != MMDB_SUCCESS;
    if (!damaged_) --nodes_left_;
    return !damaged_;
  }

  Link leaf(std::uint32_t value) {
    const std::uint32_t nothing = file_.metadata.node_count;
    if (damaged_ || value == nothing) return Tree::kLeaf;
    const auto [it, is_new] = by_value_.try_emplace(value, 0);
    if (is_new) it->second = add_record(value);
    if (it->second != 0) ++networks_;
    return Tree::kLeaf | it->second;
  }

  std::uint32_t add_record(std::uint32_t value) {
    constexpr std::uint32_t kSeparator = 16;  // octets of zeros between search tree and data
    const std::uint32_t beyond = value - file_.metadata.node_count;
    std::optional<Location> location;
    if (beyond >= kSeparator) location = read_record(file_, beyond - kSeparator);
    if (!location) {
      damaged_ = true;
      return 0;
    }
    return records_.add(*std::move(location));
  }

  const MMDB_s& file_;
  std::uint64_t nodes_left_;
  std::optional<std::uint32_t> ipv4_node_;
  Tree tree_;
  LocationIndex records_;
  std::unordered_map<std::uint32_t, std::uint32_t> by_value_;  // to numbers of records
  std::size_t networks_ = 0;
  bool damaged_ = false;
};

std::string describe(int status) {
  if (status == MMDB_OUT_OF_MEMORY_ERROR) return "cannot be opened: out of memory";
  if (status == MMDB_FILE_OPEN_ERROR) return "cannot be opened: is /proc mounted?";
  if (status == MMDB_UNKNOWN_DATABASE_FORMAT_ERROR) {
    return "is of an unknown version of the MaxMind DB format; use one of version 2";
  }
  return "is no MaxMind DB file, or it is cut short; download it again";
}

// Empty if the build time is beyond what can be represented, as only that of a damaged file is.
std::optional<std::chrono::system_clock::time_point> build_time(const MMDB_s& file) noexcept {
  using std::chrono::system_clock;
  constexpr auto kLast =
      std::chrono::duration_cast<std::chrono::seconds>(system_clock::duration::max()).count();
  if (file.metadata.build_epoch > static_cast<std::uint64_t>(kLast)) return std::nullopt;
  return system_clock::time_point(
      std::chrono::seconds(static_cast<std::int64_t>(file.metadata.build_epoch)));
}

// libmaxminddb 1.7.1 computes the size of the tree with 32 bits, so it may accept any number of
// nodes; our walk is only as short as that number is true.
bool tree_fits(const MMDB_s& file) noexcept {
  const std::uint64_t size =
      std::uint64_t{file.metadata.node_count} * file.metadata.record_size / 4;
  return size <= static_cast<std::uint64_t>(file.file_size);
}

}  // namespace

tl::expected<Database, std::string> load_database(const std::string& path) {
  const auto problem = [&path](const std::string& what) {
    return tl::unexpected("geo database " + path + " " + what);
  };
  const auto copy = PrivateCopy::make(path);
  if (!copy) return problem("is not usable: " + copy.error() + "; check the path");
  if (!has_sound_metadata(copy->tail(kMetadataSearch)))
    return problem(describe(MMDB_INVALID_METADATA_ERROR));
  const File file(copy->path());
  if (file.status() != MMDB_SUCCESS) return problem(describe(file.status()));
  const MMDB_s& mmdb = file.get();
  const std::string damaged = "is damaged; download it again";
  const auto built = build_time(mmdb);
  if (!built || !tree_fits(mmdb)) return problem(damaged);
  TreeCompiler compiler(mmdb);
  auto tree = compiler.compile();
  if (!tree) return problem(damaged);
  const std::string type = mmdb.metadata.database_type;
  if (compiler.networks() == 0) {
    return problem("(" + type +
                   ") has no country, continent, coordinates or AS number for any address; use one "
                   "that has");
  }
  return Database{{path, type, *built, compiler.networks()}, *std::move(tree)};
}

}  // namespace geo
