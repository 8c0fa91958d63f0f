#include "health/probes/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

namespace probes {
namespace {

// Owns a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }
  int release() noexcept { return std::exchange(number_, -1); }

 private:
  int number_;
};

// A file in memory: it takes any input at once, nobody has to feed a pipe.
Descriptor open_input(const std::string& input) {
  if (input.empty()) return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  Descriptor file(memfd_create("input", MFD_CLOEXEC));
  for (std::size_t at = 0; file.is_open() && at < input.size();) {
    const ssize_t count = ::write(file.number(), input.data() + at, input.size() - at);
    if (count <= 0) return Descriptor();
    at += static_cast<std::size_t>(count);
  }
  if (file.is_open()) lseek(file.number(), 0, SEEK_SET);
  return file;
}

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }

  void connect(int input, int output) {
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
  }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

// A process group of its own, and signals neither blocked nor ignored: the server ignores some.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(
        &attributes_,
        static_cast<short>(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK));
    posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  [[nodiscard]] const posix_spawnattr_t* get() const noexcept { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

std::string inherited(const char* name, const char* otherwise) {
  const char* const value = getenv(name);
  return std::string(name) + "=" + (value != nullptr ? value : otherwise);
}

std::vector<std::string> environment_of(const ProcessSpec& spec) {
  std::vector<std::string> lines{
      inherited("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
      inherited("LANG", "C.UTF-8")};
  for (const auto& [name, value] : spec.environment) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// 0, or the errno that says why not.
int spawn_connected(const ProcessSpec& spec, int input, int output, pid_t& pid) {
  std::vector<std::string> arguments = spec.argv;
  std::vector<std::string> environment = environment_of(spec);
  FileActions actions;
  actions.connect(input, output);
  const Attributes attributes;
  return posix_spawnp(&pid, arguments.front().c_str(), actions.get(), attributes.get(),
                      pointers_to(arguments).data(), pointers_to(environment).data());
}

// By its number: glibc 2.36 declares the function without C linkage. Closed on exec by itself.
int open_pidfd(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

void end_at_once(pid_t pid) {
  ::kill(-pid, SIGKILL);
  waitpid(pid, nullptr, 0);
}

}  // namespace

Spawned spawn(const ProcessSpec& spec) {
  Spawned spawned;
  if (spec.argv.empty() || spec.argv.front().empty()) return {ENOENT};
  const Descriptor input = open_input(spec.input);
  if (!input.is_open()) return {errno};
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {errno};
  Descriptor ours(ends[0]);
  const Descriptor theirs(ends[1]);
  spawned.error = spawn_connected(spec, input.number(), theirs.number(), spawned.pid);
  if (spawned.error != 0) return spawned;
  spawned.exit = open_pidfd(spawned.pid);
  if (spawned.exit < 0) {
    spawned.error = errno;
    end_at_once(spawned.pid);
    return spawned;
  }
  spawned.output = ours.release();
  return spawned;
}

}  // namespace probes
