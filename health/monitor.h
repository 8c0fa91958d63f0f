#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "health/board.h"
#include "health/check.h"
#include "health/guard.h"
#include "health/judge.h"
#include "health/subject.h"

namespace health {

enum class GroupId : std::uint32_t {};

// Subjects that share an origin: one family of one pool.
struct Group {
  std::vector<SubjectId> members;
  friend bool operator==(const Group&, const Group&) = default;
};

// Everything that a configuration says of health.
struct Roster {
  std::vector<Target> targets;    // by TargetId
  std::vector<Subject> subjects;  // by SubjectId
  std::vector<Group> groups;      // by GroupId
  GuardSpec guard;
};

// For each of `after` the one of `before` that is equal, each taken once.
[[nodiscard]] std::vector<std::optional<TargetId>> match_targets(std::span<const Target> before,
                                                                 std::span<const Target> after);

// From verdicts of targets to standings of subjects: joins checks, overrides, isolation and advice,
// and says what changed. Pure.
class Monitor {
 public:
  struct SubjectChange {
    SubjectId subject{};
    Standing before;
    Standing after;
  };
  struct GroupChange {
    GroupId group{};
    bool origin_down =
        false;  // every member fails a check of the origin and passes those of the edge
  };
  struct UplinkChange {
    Uplink uplink{};
    bool isolated = false;
  };
  struct Changes {
    bool board = false;                   // anything that answers see
    std::vector<SubjectChange> subjects;  // state, force, held or rescued differ
    std::vector<GroupChange> groups;
    std::vector<UplinkChange> uplinks;
    std::vector<TargetId> pardoned;  // whoever keeps the verdicts pardons them (Watch::pardon)
  };
  struct Forcing {
    Force force = Force::None;
    std::optional<std::uint32_t> weight{};
    std::chrono::seconds cap = std::chrono::seconds::max();
    Instant until = Instant::max();  // when the first of them ends by itself
    friend bool operator==(const Forcing&, const Forcing&) = default;
  };

  // `verdicts` by target. What is known of targets and subjects that stay is kept: a subject stays
  // if `former_subjects` says which one it was.
  Changes adopt(std::shared_ptr<const Roster> roster, std::span<const Verdict* const> verdicts,
                std::span<const std::optional<SubjectId>> former_subjects, Instant now);

  // Tells a result that has been judged.
  Changes record(TargetId target, const Verdict& before, const Verdict& after, Instant now);

  // What the operator says, by subject; all of it.
  Changes force(std::vector<Forcing> forces, Instant now);

  // What other nodes say of a subject.
  Changes advise(SubjectId subject, Advice advice, Instant now);

  [[nodiscard]] const Standing& standing(SubjectId subject) const noexcept;
  // With what remains of overrides at that moment.
  [[nodiscard]] Board board(Instant now) const;
  [[nodiscard]] bool is_isolated(Uplink uplink) const noexcept;
  // Whether results of the target do not count at present, because this node is cut off.
  [[nodiscard]] bool holds(TargetId target) const noexcept { return guard_.holds(target); }
  [[nodiscard]] bool origin_is_down(GroupId group) const noexcept;
  [[nodiscard]] const Roster& roster() const noexcept { return *roster_; }

 private:
  struct OfTarget {
    PartStanding part;
    Instant changed{};  // Verdict::changed
    std::vector<SubjectId> subjects;
  };
  struct OfSubject {
    Standing standing;
    Advice advice = Advice::None;
    Forcing forcing;
    std::vector<GroupId> groups;
  };

  void index(std::span<const Verdict* const> verdicts);
  void keep(std::span<const OfSubject> old, std::span<const std::uint8_t> old_groups_down,
            std::span<const std::optional<SubjectId>> former, Instant now, Changes& changes);
  void take_turn(const Guard::Turn& turn, Instant now, std::vector<SubjectId>& touched,
                 Changes& changes);
  void refresh(std::span<const SubjectId> touched, Instant now, Changes& changes);
  void refresh(SubjectId subject, Instant now, Changes& changes);
  void refresh_groups(SubjectId subject, Changes& changes);

  [[nodiscard]] Standing judge_subject(SubjectId subject);
  [[nodiscard]] Instant fell_at(const Subject& subject) const;
  [[nodiscard]] PartStanding counted(TargetId target) const noexcept;
  [[nodiscard]] bool shows_origin_down(const Group& group) const;
  [[nodiscard]] const CheckSpec& check_of(TargetId target) const noexcept {
    return roster_->targets[static_cast<std::size_t>(target)].check;
  }

  [[nodiscard]] const OfTarget& at(TargetId target) const noexcept {
    return targets_[static_cast<std::size_t>(target)];
  }
  [[nodiscard]] OfTarget& at(TargetId target) noexcept {
    return targets_[static_cast<std::size_t>(target)];
  }
  [[nodiscard]] const OfSubject& at(SubjectId subject) const noexcept {
    return subjects_[static_cast<std::size_t>(subject)];
  }
  [[nodiscard]] OfSubject& at(SubjectId subject) noexcept {
    return subjects_[static_cast<std::size_t>(subject)];
  }

  std::shared_ptr<const Roster> roster_ = std::make_shared<const Roster>();
  Guard guard_;
  std::vector<OfTarget> targets_;          // by TargetId
  std::vector<OfSubject> subjects_;        // by SubjectId
  std::vector<std::uint8_t> groups_down_;  // by GroupId
  std::vector<PartStanding> parts_;        // of the subject at work; kept for its memory
};

}  // namespace health
