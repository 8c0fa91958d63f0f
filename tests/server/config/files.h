// Configurations for tests: files in a folder of their own, and the problems without that folder.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "server/config/configuration.h"

namespace config {

class Files : public testing::Test {
 protected:
  Files() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "fairlead-config-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    std::filesystem::create_directory(folder_ / "zones");
    write("fairlead.yaml", "zones: zones\ngeo: {databases: []}\n");
  }
  ~Files() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path) << text;
    return path;
  }

  tl::expected<Configuration, zones::Problems> load() {
    return config::load((folder_ / "fairlead.yaml").string());
  }

  std::string without_folder(std::string text) const {
    const std::string folder = folder_.string() + "/";
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
      text.erase(at, folder.size());
    }
    return text;
  }

  // "zones/a.yaml:3:5: ..." for each; "loaded" if there is none.
  std::vector<std::string> problems() {
    const auto loaded = load();
    if (loaded) return {"loaded"};
    std::vector<std::string> texts;
    for (const zones::Problem& problem : loaded.error()) {
      texts.push_back(without_folder(problem.to_text()));
    }
    return texts;
  }

  // Of a configuration that loads, without the folder.
  std::vector<std::string> warnings() {
    const auto loaded = load();
    if (!loaded) return problems();
    std::vector<std::string> texts;
    for (const std::string& text : loaded->warnings) texts.push_back(without_folder(text));
    return texts;
  }

  // Of one zone file, named zones/a.yaml.
  std::vector<std::string> problems_of(const std::string& zone) {
    write("zones/a.yaml", zone);
    return problems();
  }

  std::filesystem::path folder_;
};

// The part of a zone that tests are not about.
inline const std::string kApex =
    "  \"@\": {NS: ns1}\n"
    "  ns1: {A: 192.0.2.53}\n";

}  // namespace config
