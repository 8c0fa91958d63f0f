// A folder with fairlead.yaml and zones, loaded as the server loads it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "server/control/loaded.h"

namespace control {

class Configured : public testing::Test {
 protected:
  Configured() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "fairlead-server-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    std::filesystem::create_directory(folder_ / "zones");
    write("fairlead.yaml", "zones: zones\nlisten: 127.0.0.1:0\ngeo: {databases: []}\nstate: .\n");
    write("zones/example.test.yaml", kZone);
  }
  ~Configured() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }
  [[nodiscard]] std::string file() const { return (folder_ / "fairlead.yaml").string(); }

  [[nodiscard]] Loaded load() const {
    auto loaded = load_first(file());
    EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().front());
    return std::move(*loaded);
  }

  static constexpr const char* kZone = R"(
zone: example.test
soa: {serial: 1}
endpoints:
  tokyo:     {A: 192.0.2.1, at: JP}
  frankfurt: {A: 192.0.2.2, at: DE}
pools:
  edges: {members: [tokyo, frankfurt], pick: failover}
records:
  "@": {NS: ns1, MX: 10 mail}
  ns1: {A: 192.0.2.53}
  mail: {A: 192.0.2.25}
  www: {dynamic: edges}
  alias: {CNAME: www}
  sub: {NS: ns.elsewhere.example.}
  "*.wild": {dynamic: edges}
)";

  std::filesystem::path folder_;
};

}  // namespace control
