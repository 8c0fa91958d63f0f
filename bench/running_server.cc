#include "bench/running_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "server/posix/file_descriptor.h"

namespace bench {
namespace {

using namespace std::chrono_literals;

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string http_get(std::uint16_t port, const std::string& path) {
  const posix::FileDescriptor fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) return {};
  const std::string request =
      "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return {};
  std::string reply;
  char part[16384];
  for (ssize_t got = 0; (got = ::recv(fd.get(), part, sizeof part, 0)) > 0;) {
    reply.append(part, static_cast<std::size_t>(got));
  }
  return reply;
}

}  // namespace

Usage usage_of(pid_t process) {
  const std::string folder = "/proc/" + std::to_string(process);
  const std::string stat = text_of(folder + "/stat");
  std::istringstream fields(stat.substr(std::min(stat.size(), stat.rfind(')') + 1)));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;  // the 14th and the 15th: proc(5)
  Usage usage;
  fields >> usage.user_seconds >> usage.system_seconds;
  usage.user_seconds /= static_cast<double>(::sysconf(_SC_CLK_TCK));
  usage.system_seconds /= static_cast<double>(::sysconf(_SC_CLK_TCK));
  std::istringstream lines(text_of(folder + "/status"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t octets = 1024 * std::strtoul(line.c_str() + line.find(':') + 1, nullptr, 10);
    if (line.starts_with("VmRSS:")) usage.resident = octets;
    if (line.starts_with("VmHWM:")) usage.peak_resident = octets;
  }
  return usage;
}

RunningServer::RunningServer(const std::string& program, const std::string& more,
                             const std::map<std::string, std::string>& zones) {
  std::string pattern = (std::filesystem::temp_directory_path() / "fairlead-bench-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  write_files(more, zones);
  start(program);
  wait_until_it_answers();
}

RunningServer::~RunningServer() {
  if (pid_ > 0) {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void RunningServer::write_files(const std::string& more,
                                const std::map<std::string, std::string>& zones) const {
  std::filesystem::create_directory(folder_ / "zones");
  for (const auto& [name, text] : zones) std::ofstream(folder_ / "zones" / name) << text;
  std::ofstream(folder_ / "fairlead.yaml")
      << "listen: [127.0.0.1:0]\nadmin: {listen: 127.0.0.1:0}\nzones: zones\nstate: .\n"
         "geo: {databases: []}\n"
      << more;
  std::ofstream zone(folder_ / "zones/bench.test.zone");
  zone << "$TTL 300\n@ IN SOA ns1 host 1 3600 900 1209600 300\n@ IN NS ns1\n"
          "ns1 IN A 192.0.2.53\nwww IN A 192.0.2.1\n";
  for (int i = 0; i < 64; ++i) {
    zone << "big IN TXT \"" << i << std::string(240, 'x') << "\"\n";
  }
}

void RunningServer::start(const std::string& program) {
  const std::string config = (folder_ / "fairlead.yaml").string();
  const std::string log = (folder_ / "log").string();
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ > 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(fd, STDERR_FILENO);
  ::execl(program.c_str(), program.c_str(), "serve", "--config", config.c_str(), nullptr);
  ::_exit(127);
}

void RunningServer::wait_until_it_answers() {
  for (int i = 0; i < 400; ++i) {
    const std::string log = text_of(folder_ / "log");
    std::smatch listening;
    std::smatch admin;
    if (log.find(" answers") != std::string::npos &&
        std::regex_search(log, listening, std::regex(R"(listening on \S+:(\d+) )")) &&
        std::regex_search(log, admin, std::regex(R"(admin on http://\S+:(\d+))"))) {
      port_ = static_cast<std::uint16_t>(std::stoi(listening[1]));
      admin_port_ = static_cast<std::uint16_t>(std::stoi(admin[1]));
      return;
    }
    std::this_thread::sleep_for(50ms);
  }
  const std::string log = text_of(folder_ / "log");
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  throw std::runtime_error("fairlead does not answer:\n" + log);
}

std::map<std::string, double> RunningServer::metrics() const {
  std::map<std::string, double> values;
  std::istringstream lines(http_get(admin_port_, "/metrics"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = line.rfind(' ');
    if (line.rfind("fairlead_", 0) != 0 || blank == std::string::npos) continue;
    values[line.substr(0, blank)] = std::strtod(line.c_str() + blank, nullptr);
  }
  return values;
}

double RunningServer::processor_seconds() const {
  const Usage used = usage();
  return used.user_seconds + used.system_seconds;
}

}  // namespace bench
