#include "server/state/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <thread>

#include "tests/server/state/folder.h"

namespace state {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<std::string> keys_of(const Saved& saved) {
  std::vector<std::string> keys;
  for (const SavedVerdict& verdict : saved.verdicts) keys.push_back(verdict.key);
  std::ranges::sort(keys);
  return keys;
}

std::vector<std::string> targets_of(const Saved& saved) {
  std::vector<std::string> targets;
  for (const health::Override& override : saved.overrides) targets.push_back(override.target);
  return targets;
}

TEST(Store, BeginsEmptyAndForItsOwnerOnly) {
  const Folder folder;
  const Store::Opened opened = open_store(folder);
  EXPECT_EQ(opened.saved.alive, 0);
  EXPECT_THAT(opened.saved.verdicts, IsEmpty());
  EXPECT_THAT(opened.saved.overrides, IsEmpty());
  EXPECT_THAT(opened.alarms, IsEmpty());
  EXPECT_EQ(opened.store->problem(), "");
  for (const std::string& name : folder.names("")) {
    struct stat status {};
    ASSERT_EQ(::stat((folder.path() + "/" + name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600U) << name;
  }
}

TEST(Store, GivesBackEveryFieldOfAVerdict) {
  const Folder folder;
  SavedVerdict saved = verdict("k");
  saved.state = health::State::Recovering;
  saved.failures = 65535;
  saved.successes = 2;
  saved.changed = 1'790'000'000'123;
  saved.recovering = -5;
  saved.detail = "HTTP 503, wanted 200-299";
  saved.results = {{1'790'000'000'000, 4'000'000'000, health::Reason::None},
                   {-1, 0, health::Reason::Resource}};
  open_store(folder).store->save({saved});
  const Saved back = open_store(folder).saved;
  ASSERT_EQ(back.verdicts.size(), 1U);
  const SavedVerdict& v = back.verdicts[0];
  EXPECT_EQ(v.key, "k");
  EXPECT_EQ(v.state, health::State::Recovering);
  EXPECT_EQ(v.failures, 65535);
  EXPECT_EQ(v.successes, 2);
  EXPECT_EQ(v.changed, 1'790'000'000'123);
  EXPECT_EQ(v.recovering, -5);
  EXPECT_EQ(v.detail, "HTTP 503, wanted 200-299");
  ASSERT_EQ(v.results.size(), 2U);
  EXPECT_EQ(v.results[0].started, 1'790'000'000'000);
  EXPECT_EQ(v.results[0].took, 4'000'000'000);
  EXPECT_EQ(v.results[0].reason, health::Reason::None);
  EXPECT_EQ(v.results[1].started, -1);
  EXPECT_EQ(v.results[1].took, 0U);
  EXPECT_EQ(v.results[1].reason, health::Reason::Resource);
}

TEST(Store, GivesBackEveryFieldOfAnOverride) {
  const Folder folder;
  health::Override up{"pool:example/*", health::Force::Up, {}, "quote ' and \"", "ops", 17, 42, 30};
  health::Override weight{"edge-1", health::Force::None, 0, "canary", "ann", 18, 43, 5};
  health::Override drained = drain("edge-1");
  {
    const Store::Opened opened = open_store(folder);
    EXPECT_EQ(put(*opened.store, up), "");
    EXPECT_EQ(put(*opened.store, weight), "");
    EXPECT_EQ(put(*opened.store, drained), "");
  }
  EXPECT_THAT(open_store(folder).saved.overrides, ElementsAre(drained, weight, up));
}

TEST(Store, GivesBackTheAliasesThatWereSavedLast) {
  const Folder folder;
  const std::vector<SavedAlias> first = {{"old.example.", 4, {"192.0.2.9"}, 60, 1}};
  const std::vector<SavedAlias> last = {
      {"tunnel.example.net.", 4, {"192.0.2.1", "192.0.2.2"}, 4'000'000'000, 1'790'000'000},
      {"tunnel.example.net.", 6, {}, 0, -5}};
  open_store(folder).store->save_aliases(first);
  EXPECT_EQ(open_store(folder).saved.aliases, first);
  open_store(folder).store->save_aliases(last);
  EXPECT_EQ(open_store(folder).saved.aliases, last);
}

TEST(Store, ReplacesAndErasesOverridesByTarget) {
  const Folder folder;
  {
    const Store::Opened opened = open_store(folder);
    EXPECT_EQ(put(*opened.store, drain("a", "first")), "");
    EXPECT_EQ(put(*opened.store, drain("b")), "");
    EXPECT_EQ(put(*opened.store, drain("a", "second")), "");
    EXPECT_EQ(erase(*opened.store, "b"), "");
    EXPECT_EQ(erase(*opened.store, "nobody"), "");
  }
  EXPECT_THAT(open_store(folder).saved.overrides, ElementsAre(drain("a", "second")));
}

TEST(Store, KeepsTheKindsOfOverridesApart) {
  const Folder folder;
  health::Override weight = drain("a");
  weight.force = health::Force::None;
  weight.weight = 1'000'000;
  {
    const Store::Opened opened = open_store(folder);
    EXPECT_EQ(put(*opened.store, drain("a")), "");
    EXPECT_EQ(put(*opened.store, weight), "");
  }
  {
    const Store::Opened opened = open_store(folder);
    EXPECT_THAT(opened.saved.overrides, ElementsAre(drain("a"), weight));
    EXPECT_EQ(erase(*opened.store, "a"), "");
  }
  {
    const Store::Opened opened = open_store(folder);
    EXPECT_THAT(opened.saved.overrides, ElementsAre(weight));
    EXPECT_EQ(erase(*opened.store, "a", health::OverrideKind::Weight), "");
  }
  EXPECT_THAT(open_store(folder).saved.overrides, IsEmpty());
}

// While an hour keeps the writes apart, what waits is what the end writes.
TEST(Store, WritesTheNewestOfAKeyAndAtItsEnd) {
  const Folder folder;
  {
    const Store::Opened opened = open_store(folder, {.apart = hours{1}});
    for (int i = 1; i <= 1000; ++i) {
      opened.store->save({verdict("a", i), verdict("b", -i)});
      opened.store->touch(i);
    }
  }
  const Saved saved = open_store(folder).saved;
  ASSERT_EQ(keys_of(saved), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(saved.verdicts[0].changed + saved.verdicts[1].changed, 0);
  EXPECT_EQ(std::abs(saved.verdicts[0].changed), 1000);
  EXPECT_EQ(saved.alive, 1000);
}

TEST(Store, WritesOverridesAtOnceAndWhatWaitsWithThem) {
  const Folder folder;
  const Store::Opened opened = open_store(folder, {.apart = hours{1}});
  EXPECT_EQ(put(*opened.store, drain("a")), "");  // from now on, verdicts would wait for an hour
  opened.store->save({verdict("k", 7)});
  EXPECT_EQ(put(*opened.store, drain("b")), "");
  const Folder copy;  // what a process that is killed now would leave behind
  for (const std::string& name : folder.names("state.db")) {
    std::filesystem::copy_file(folder.path() + "/" + name, copy.path() + "/" + name);
  }
  const Saved saved = open_store(copy).saved;
  EXPECT_THAT(targets_of(saved), ElementsAre("a", "b"));
  EXPECT_THAT(keys_of(saved), ElementsAre("k"));
}

TEST(Store, ForgetsVerdictsThatAreNotKept) {
  const Folder folder;
  open_store(folder).store->save({verdict("a"), verdict("b"), verdict("c")});
  {
    const Store::Opened opened = open_store(folder);
    opened.store->save({verdict("d"), verdict("e")});
    opened.store->keep_only({"b", "d", "nobody"});
    opened.store->save({verdict("f")});
  }
  EXPECT_THAT(keys_of(open_store(folder).saved), ElementsAre("b", "d", "f"));
}

TEST(Store, TakesCallsFromManyThreads) {
  const Folder folder;
  {
    const Store::Opened opened = open_store(folder, {.apart = std::chrono::milliseconds{1}});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&store = *opened.store, t] {
        for (int i = 0; i < 50; ++i) {
          store.save({verdict(std::to_string(100 * t + i))});
          store.touch(i);
          EXPECT_EQ(store.problem(), "");
        }
        EXPECT_EQ(put(store, drain(std::to_string(t))), "");
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  const Saved saved = open_store(folder).saved;
  EXPECT_EQ(saved.verdicts.size(), 200U);
  EXPECT_EQ(saved.overrides.size(), 4U);
}

TEST(Store, HoldsTwentyThousandVerdicts) {
  const Folder folder;
  std::vector<SavedVerdict> verdicts;
  for (int i = 0; i < 20'000; ++i) {
    SavedVerdict one = verdict(key_of({"endpoint-" + std::to_string(i), {}}), i);
    one.results.assign(health::kResultsKept, {1'790'000'000'000, 12, health::Reason::None});
    verdicts.push_back(std::move(one));
  }
  const auto start = std::chrono::steady_clock::now();
  open_store(folder).store->save(verdicts);
  const auto written = std::chrono::steady_clock::now();
  const Saved saved = open_store(folder).saved;
  const auto loaded = std::chrono::steady_clock::now();
  EXPECT_EQ(saved.verdicts.size(), verdicts.size());
  const auto ms = [](auto time) {
    return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
  };
  RecordProperty("written_ms", ms(written - start));
  RecordProperty("loaded_ms", ms(loaded - written));
}

}  // namespace
}  // namespace state
