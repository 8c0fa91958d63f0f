// The addresses of dynamic records as they are sent, for every class of their clients: made
// whenever health changes, so that a query only copies them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "dnswire/address.h"
#include "dnswire/bytes.h"
#include "dnswire/rr_type.h"
#include "health/board.h"
#include "server/steering/atlas.h"
#include "server/steering/plan.h"

namespace steering {
struct Workspace;
}

namespace answer {

// What the clients of one class are told of one family.
//
// Borrows: the Variants.
struct Variant {
  enum class Kind : std::uint8_t {
    Individual,  // each query is decided by itself: by a draw, by the client's network, by a name
    Addresses,
    Nothing,  // NODATA
  };
  dnswire::Bytes records;  // a head and an address each
  dnswire::Ttl ttl{0};     // of the denial, if there is nothing
  std::uint16_t count = 0;
  Kind kind = Kind::Individual;
  bool last_resort = false;  // nobody was healthy
};

// Threads: immutable, share freely.
class Variants {
 public:
  // Records of more classes than that decide for each query: to tell all of them anew whenever
  // health changes would take longer than health takes to change.
  static constexpr std::size_t kMaxClasses = 4096;

  Variants() = default;  // nothing is ready

  // What rests on nobody whose standing is another than in `before` is taken over from there. The
  // arguments are kept. Requires: no null pointer.
  [[nodiscard]] static Variants make(std::shared_ptr<const steering::Plan> plan,
                                     std::shared_ptr<const steering::Atlas> atlas,
                                     std::shared_ptr<const health::Board> board,
                                     const Variants& before);

  // Null: each query is decided by itself. `number`: of the class in the record's chart.
  [[nodiscard]] const Variant* find(zones::DynamicId record, dnswire::Family family,
                                    std::uint32_t number) const noexcept {
    const std::size_t table =
        2 * static_cast<std::size_t>(record) + static_cast<std::size_t>(family);
    if (table >= tables_.size() || tables_[table] == nullptr) return nullptr;
    return &tables_[table]->variants[number];
  }

 private:
  struct Table {
    std::vector<Variant> variants;  // by class
    std::vector<std::uint8_t> octets;
  };
  struct Groups;  // records that always answer alike, and whom they rest on

  [[nodiscard]] static std::shared_ptr<const Groups> group(const steering::Plan& plan,
                                                           const steering::Atlas& atlas);
  [[nodiscard]] std::shared_ptr<const Table> make_table(zones::DynamicId record,
                                                        dnswire::Family family,
                                                        steering::Workspace& workspace) const;

  std::shared_ptr<const steering::Plan> plan_;
  std::shared_ptr<const steering::Atlas> atlas_;
  std::shared_ptr<const health::Board> board_;
  std::shared_ptr<const Groups> groups_;
  std::vector<std::shared_ptr<const Table>> tables_;  // two for each record
};

}  // namespace answer
