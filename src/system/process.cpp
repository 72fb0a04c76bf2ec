#include "lookout/system/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>

#include "lookout/base/text.hpp"

namespace lookout::system {
namespace {

constexpr std::size_t kStderrBytesMax = 4096;
constexpr std::size_t kReadBytes = 16 * 1024;
// How long a stop request or the end of a child without open pipes may go unnoticed.
constexpr int kTickMilliseconds = 10;

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  int number() const { return number_; }
  bool open() const { return number_ >= 0; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
  // Only our end: a child does not expect EAGAIN.
  if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return std::nullopt;
  return pipe;
}

// The end that a child reads `text` from; closed when that fails.
Descriptor filled_pipe(std::string_view text) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Descriptor();
  Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
  const ssize_t written = ::write(ends[1], text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size())) return Descriptor();
  return std::move(pipe.read_end);
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Our numbers of what becomes the child's standard streams.
struct StreamEnds {
  int in = -1;  // -1 = /dev/null
  int out = -1;
  int err = -1;
};

// What posix_spawn is told, freed with it.
class SpawnPlan {
 public:
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  bool prepare(const Command& command, const StreamEnds& ends);
  // 0 or an errno.
  int spawn(const Command& command, pid_t& child) const;

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

bool SpawnPlan::prepare(const Command& command, const StreamEnds& ends) {
  bool good = true;
  short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  if (!command.inherit_stdin) {
    const int failed =
        ends.in >= 0
            ? posix_spawn_file_actions_adddup2(&actions_, ends.in, STDIN_FILENO)
            : posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    good &= failed == 0;
    // One that reads the terminal stays in our group: others are stopped by SIGTTIN.
    flags |= POSIX_SPAWN_SETPGROUP;
    good &= posix_spawnattr_setpgroup(&attributes_, 0) == 0;
  }
  good &= posix_spawn_file_actions_adddup2(&actions_, ends.out, STDOUT_FILENO) == 0;
  good &= posix_spawn_file_actions_adddup2(&actions_, ends.err, STDERR_FILENO) == 0;

  sigset_t none;
  sigemptyset(&none);
  good &= posix_spawnattr_setsigmask(&attributes_, &none) == 0;
  sigset_t ours;
  sigemptyset(&ours);
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) sigaddset(&ours, number);
  good &= posix_spawnattr_setsigdefault(&attributes_, &ours) == 0;
  good &= posix_spawnattr_setflags(&attributes_, flags) == 0;
  return good;
}

int SpawnPlan::spawn(const Command& command, pid_t& child) const {
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> variables;
  for (const auto& [name, value] : command.environment) {
    variables.push_back(std::string(name).append("=").append(value));
  }
  return posix_spawnp(&child, arguments[0].c_str(), &actions_, &attributes_,
                      pointers_to(arguments).data(), pointers_to(variables).data());
}

// A child that is killed, with its group, and reaped when nobody waited for it.
class Child {
 public:
  Child(pid_t id, bool own_group) : id_(id), own_group_(own_group) {}
  ~Child() {
    if (exit_code_) return;
    ::kill(own_group_ ? -id_ : id_, SIGKILL);
    int status = 0;
    while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  std::optional<int> exit_code() {
    int status = 0;
    if (!exit_code_ && ::waitpid(id_, &status, WNOHANG) == id_) {
      exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return exit_code_;
  }

 private:
  const pid_t id_;
  const bool own_group_;
  std::optional<int> exit_code_;
};

// Takes what is there; closes at the end of the stream.
void drain(Descriptor& from, std::string& into, std::size_t bytes_max) {
  std::array<char, kReadBytes> bytes{};
  while (from.open() && into.size() <= bytes_max) {
    const ssize_t got = ::read(from.number(), bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return from.close();
    into.append(bytes.data(), static_cast<std::size_t>(got));
  }
}

// Takes what is there and keeps its end. One round takes more than a pipe holds, so nothing of
// an ended child is left behind; an endless one gets no longer turn than that.
void drain_last(Descriptor& from, std::string& into, std::size_t bytes_max) {
  constexpr std::size_t kRoundBytesMax = 256 * 1024;
  for (std::size_t taken = 0; from.open() && taken < kRoundBytesMax;) {
    const std::size_t before = into.size();
    drain(from, into, before);
    if (into.size() == before) return;
    taken += into.size() - before;
    if (into.size() > bytes_max) into.erase(0, into.size() - bytes_max);
  }
}

void wait_readable(const Descriptor& a, const Descriptor& b) {
  // A negative descriptor is skipped by poll.
  std::array<pollfd, 2> waits{pollfd{a.number(), POLLIN, 0}, pollfd{b.number(), POLLIN, 0}};
  ::poll(waits.data(), waits.size(), kTickMilliseconds);
}

Error command_error(const Command& command, ErrorCode code, const std::string& what) {
  return {code, "run " + quote_bounded(command.arguments[0]) + ": " + what};
}

}  // namespace

Result<CommandOutput> run_command(const Command& command, std::stop_token stop) {
  LOOKOUT_CHECK(!command.arguments.empty());
  LOOKOUT_CHECK(command.standard_input.size() <= kStandardInputBytesMax);
  const auto deadline = std::chrono::steady_clock::now() + command.timeout;
  std::optional<Pipe> out = make_pipe();
  std::optional<Pipe> err = make_pipe();
  const bool has_input = !command.standard_input.empty();
  Descriptor in = has_input ? filled_pipe(command.standard_input) : Descriptor();
  SpawnPlan plan;
  if (!out || !err || in.open() != has_input ||
      !plan.prepare(command, {in.number(), out->write_end.number(), err->write_end.number()})) {
    return command_error(command, ErrorCode::kUnavailable, "no pipes");
  }
  pid_t id = 0;
  const int failed = plan.spawn(command, id);
  if (failed != 0) {
    return command_error(command, failed == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
                         std::generic_category().message(failed));
  }
  Child child(id, !command.inherit_stdin);
  in.close();
  out->write_end.close();
  err->write_end.close();

  CommandOutput output;
  for (;;) {
    // Asked before the pipes are read: what an ended child wrote is there by then.
    const std::optional<int> ended = child.exit_code();
    drain(out->read_end, output.standard_output, command.stdout_bytes_max);
    drain_last(err->read_end, output.standard_error, kStderrBytesMax);
    if (output.standard_output.size() > command.stdout_bytes_max) {
      return command_error(command, ErrorCode::kTooLarge, "too much output");
    }
    if (ended) {
      output.exit_code = *ended;
      return output;
    }
    if (stop.stop_requested()) return command_error(command, ErrorCode::kCancelled, "cancelled");
    if (std::chrono::steady_clock::now() >= deadline) {
      return command_error(command, ErrorCode::kUnavailable, "timed out");
    }
    wait_readable(out->read_end, err->read_end);
  }
}

}  // namespace lookout::system
