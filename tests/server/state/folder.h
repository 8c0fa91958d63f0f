// A folder for one test, and what the tests of the store put into stores.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "server/state/store.h"

namespace state {

class Folder {
 public:
  Folder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "fairlead-state-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string file() const { return (path_ / "state.db").string(); }
  void write(const std::string& octets) const { std::ofstream(file(), std::ios::binary) << octets; }
  // Names that begin so, without order.
  [[nodiscard]] std::vector<std::string> names(const std::string& beginning) const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with(beginning)) found.push_back(name);
    }
    return found;
  }

 private:
  std::filesystem::path path_;
};

inline Store::Opened open_store(const Folder& folder, const Store::Pace& pace = {}) {
  auto opened = Store::open(folder.path(), pace);
  if (!opened) throw std::runtime_error(opened.error());
  return std::move(*opened);
}

inline SavedVerdict verdict(const std::string& key, std::int64_t changed = 0) {
  SavedVerdict result;
  result.key = key;
  result.state = health::State::Up;
  result.changed = changed;
  return result;
}

inline health::Override drain(const std::string& target, const std::string& reason = {}) {
  health::Override result;
  result.target = target;
  result.reason = reason;
  return result;
}

// What `done` was told.
inline std::string put(Store& store, health::Override what) {
  std::promise<std::string> told;
  store.put(std::move(what), [&told](std::string problem) { told.set_value(std::move(problem)); });
  return told.get_future().get();
}
inline std::string erase(Store& store, const std::string& target,
                         health::OverrideKind kind = health::OverrideKind::Force) {
  std::promise<std::string> told;
  store.erase(target, kind, [&told](std::string problem) { told.set_value(std::move(problem)); });
  return told.get_future().get();
}

}  // namespace state
