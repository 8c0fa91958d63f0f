// Checks for tests: read from text, beside files in a folder of their own.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "server/config/check_yaml.h"

namespace config {

class CheckFiles : public testing::Test {
 protected:
  CheckFiles() {
    std::string pattern = (std::filesystem::temp_directory_path() / "fairlead-ca-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    write("ca.pem", "-----BEGIN CERTIFICATE-----\n");
    write("key.pem", "-----BEGIN EC PRIVATE KEY-----\n");
    write("no.pem", "root:x:0:0\n");
    write("token", kToken + "\n");
  }
  ~CheckFiles() override { std::filesystem::remove_all(folder_); }

  // For its owner alone.
  void write(const std::string& name, const std::string& text) const {
    const std::filesystem::path path(folder_ + "/" + name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    using std::filesystem::perms;
    std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
  }

  Checks read(const std::string& text) {
    problems_.clear();
    YamlFile file(folder_ + "/f.yaml", problems_);
    Checks checks = read_checks(file, *file.parse(text), may_exec_);
    warnings_ = file.warnings();
    return checks;
  }

  // One check, written in braces, that is sound.
  health::CheckSpec spec_of(const std::string& check) {
    const Checks checks = read("web: " + check);
    EXPECT_THAT(texts(problems_), testing::IsEmpty()) << check;
    return checks.at("web")->spec;
  }

  std::vector<std::string> complaints(const std::string& check) {
    std::ignore = read("web: " + check);
    return texts(problems_);
  }

  std::vector<std::string> texts(const zones::Problems& problems) const {
    std::vector<std::string> result;
    for (const auto& problem : problems) {
      std::string text = problem.text;
      const auto at = text.find(folder_ + "/");
      if (at != std::string::npos) text.erase(at, folder_.size() + 1);
      result.push_back(text);
    }
    return result;
  }

  inline static const std::string kToken = "0123456789abcdef";
  std::string folder_;
  bool may_exec_ = true;
  zones::Problems problems_;
  zones::Problems warnings_;
};

}  // namespace config
