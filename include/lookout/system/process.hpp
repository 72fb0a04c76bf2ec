// Child processes with a deadline, never through a shell.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "lookout/base/result.hpp"

namespace lookout::system {

// What a pipe holds on every machine: it is written before the child runs.
inline constexpr std::size_t kStandardInputBytesMax = 4096;

struct Command {
  std::vector<std::string> arguments;              // [0] without slash is looked up in PATH
  std::map<std::string, std::string> environment;  // all of it
  std::chrono::milliseconds timeout{60'000};
  std::size_t stdout_bytes_max = 1U << 20;
  std::string standard_input;  // "" = /dev/null
  // Ours instead of the above. One that may read the terminal stays in our process group and is
  // killed alone.
  bool inherit_stdin = false;
};

struct CommandOutput {
  int exit_code = 0;  // 128 + signal when it was killed by one
  std::string standard_output;
  std::string standard_error;  // the last 4 KiB
};

// Any exit code is a success here. kNotFound: no such program; kUnavailable: past the
// timeout (the process group is killed); kTooLarge; kCancelled.
// REQUIRES: standard_input.size() <= kStandardInputBytesMax
Result<CommandOutput> run_command(const Command& command, std::stop_token stop);

}  // namespace lookout::system
