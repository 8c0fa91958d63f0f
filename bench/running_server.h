// A fairlead of its own for a benchmark: started on free ports of loopback, asked for its counters,
// stopped.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace bench {

// What a process has used and holds.
struct Usage {
  double user_seconds = 0;
  double system_seconds = 0;
  std::size_t resident = 0;       // octets
  std::size_t peak_resident = 0;  // octets
};
[[nodiscard]] Usage usage_of(pid_t process);

class RunningServer {
 public:
  // Serves bench.test: `www` has an address, `big` 16 KiB of TXT. `more` is added to fairlead.yaml,
  // `zones` (text by file name) to the folder of zones.
  // Throws std::runtime_error when it does not come up.
  explicit RunningServer(const std::string& program, const std::string& more = {},
                         const std::map<std::string, std::string>& zones = {});
  ~RunningServer();  // ends it and removes its files
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }  // of 127.0.0.1
  [[nodiscard]] std::map<std::string, double> metrics() const;         // by name with labels
  [[nodiscard]] double processor_seconds() const;                      // used so far
  [[nodiscard]] Usage usage() const { return usage_of(pid_); }

 private:
  void write_files(const std::string& more, const std::map<std::string, std::string>& zones) const;
  void start(const std::string& program);
  void wait_until_it_answers();

  std::filesystem::path folder_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  std::uint16_t admin_port_ = 0;
};

}  // namespace bench
