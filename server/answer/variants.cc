#include "server/answer/variants.h"

#include <algorithm>
#include <map>
#include <utility>

#include "server/steering/decide.h"
#include "server/steering/reach.h"
#include "zones/rrset.h"

namespace answer {

using dnswire::Family;
using dnswire::RrType;
using steering::Chart;
using zones::DynamicId;

namespace {

// All tables together: to make them takes a few hundred nanoseconds each, on the thread that sees
// to health.
constexpr std::size_t kMaxVariants = 65536;

}  // namespace

struct Variants::Groups {
  struct Group {
    DynamicId first;  // that stands for all
    std::vector<health::SubjectId> subjects;
  };
  std::vector<Group> groups;
  std::vector<std::uint32_t> of;  // by record
};

std::shared_ptr<const Variants::Groups> Variants::group(const steering::Plan& plan,
                                                        const steering::Atlas& atlas) {
  auto all = std::make_shared<Groups>();
  std::map<std::pair<const Chart*, const Chart*>, std::vector<std::uint32_t>> by_charts;
  for (std::uint32_t i = 0; i < plan.records.size(); ++i) {
    const DynamicId record{i};
    const std::pair charts(&atlas.chart(record, Family::V4), &atlas.chart(record, Family::V6));
    std::vector<std::uint32_t>& alike = by_charts[charts];
    const auto found = std::ranges::find_if(
        alike, [&](std::uint32_t group) { return plan[all->groups[group].first] == plan[record]; });
    if (found != alike.end()) {
      all->of.push_back(*found);
      continue;
    }
    const auto group = static_cast<std::uint32_t>(all->groups.size());
    alike.push_back(group);
    all->of.push_back(group);
    all->groups.push_back({record, find_subjects(plan, plan[record])});
  }
  return all;
}

std::shared_ptr<const Variants::Table> Variants::make_table(DynamicId record, Family family,
                                                            steering::Workspace& workspace) const {
  const Chart& chart = atlas_->chart(record, family);
  if ((*plan_)[record].alias) return nullptr;
  const RrType type = family == Family::V4 ? RrType::A : RrType::AAAA;
  const std::size_t size = zones::kRecordHead + (family == Family::V4 ? 4 : 16);
  auto table = std::make_shared<Table>();
  for (const Chart::Class& of : chart.classes()) {
    Variant& variant = table->variants.emplace_back();
    const auto decision = decide_for_class(*plan_, *atlas_, *board_, record, family, of, workspace);
    if (!decision || decision->target != nullptr || decision->servfail) continue;
    variant.ttl = decision->ttl;
    variant.last_resort = decision->last_resort;
    variant.count = static_cast<std::uint16_t>(decision->addresses.size());
    variant.kind = variant.count > 0 ? Variant::Kind::Addresses : Variant::Kind::Nothing;
    for (const dnswire::IpAddress& address : decision->addresses) {
      const std::size_t at = table->octets.size();
      table->octets.resize(at + size);
      zones::put_record_head(&table->octets[at], type, decision->ttl, address.octets().size());
      std::ranges::copy(address.octets(), &table->octets[at + zones::kRecordHead]);
    }
  }
  dnswire::Bytes rest = table->octets;
  for (Variant& variant : table->variants) {
    variant.records = rest.first(variant.count * size);
    rest = rest.subspan(variant.records.size());
  }
  return table;
}

Variants Variants::make(std::shared_ptr<const steering::Plan> plan,
                        std::shared_ptr<const steering::Atlas> atlas,
                        std::shared_ptr<const health::Board> board, const Variants& before) {
  Variants variants;
  variants.plan_ = std::move(plan);
  variants.atlas_ = std::move(atlas);
  variants.board_ = std::move(board);
  const bool is_same_plan = before.plan_ == variants.plan_ && before.atlas_ == variants.atlas_;
  variants.groups_ = is_same_plan ? before.groups_ : group(*variants.plan_, *variants.atlas_);

  const auto stands_as_before = [&](const Groups::Group& group) {
    return is_same_plan && std::ranges::all_of(group.subjects, [&](health::SubjectId subject) {
             return (*variants.board_)[subject] == (*before.board_)[subject];
           });
  };
  steering::Workspace workspace(1);  // a draw is not kept
  std::vector<std::array<std::shared_ptr<const Table>, 2>> by_group;
  std::size_t made = 0;
  for (const Groups::Group& group : variants.groups_->groups) {
    auto& tables = by_group.emplace_back();
    const bool keep = stands_as_before(group);
    for (const Family family : {Family::V4, Family::V6}) {
      const auto index = static_cast<std::size_t>(family);
      const std::size_t classes = variants.atlas_->chart(group.first, family).classes().size();
      if (classes > kMaxClasses || made + classes > kMaxVariants) continue;
      made += classes;
      tables[index] = keep ? before.tables_[2 * static_cast<std::size_t>(group.first) + index]
                           : variants.make_table(group.first, family, workspace);
    }
  }
  variants.tables_.reserve(2 * variants.groups_->of.size());
  for (const std::uint32_t group : variants.groups_->of) {
    variants.tables_.insert(variants.tables_.end(), by_group[group].begin(), by_group[group].end());
  }
  return variants;
}

}  // namespace answer
