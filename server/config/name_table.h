// What names of one kind stand for. Private to this folder.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace config {

// The names of one file and, for those that it does not have, of shared.yaml.
template <class T>
class NameTable {
 public:
  explicit NameTable(const NameTable* shared) : shared_(shared) {}

  // The first of a name stays.
  void add(const std::string& name, T meaning) { own_.emplace(name, std::move(meaning)); }

  [[nodiscard]] bool is_own(const std::string& name) const { return own_.contains(name); }
  [[nodiscard]] bool contains(const std::string& name) const { return find(name) != nullptr; }
  // Or null.
  [[nodiscard]] const T* find(const std::string& name) const {
    const auto found = own_.find(name);
    if (found != own_.end()) return &found->second;
    return shared_ == nullptr ? nullptr : shared_->find(name);
  }

  // Those of shared.yaml included. Borrows: the table.
  [[nodiscard]] std::vector<std::string_view> names() const {
    auto names = shared_ == nullptr ? std::vector<std::string_view>() : shared_->names();
    for (const auto& [name, meaning] : own_) names.push_back(name);
    return names;
  }
  [[nodiscard]] const std::unordered_map<std::string, T>& own() const noexcept { return own_; }

 private:
  const NameTable* shared_;
  std::unordered_map<std::string, T> own_;
};

}  // namespace config
