#include "src/aws/credential_process.hpp"

#include <chrono>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/system/process.hpp"

#include "src/aws/command_line.hpp"
#include "src/aws/credential_json.hpp"

namespace lookout::aws {
namespace {

constexpr std::chrono::milliseconds kProcessTimeout{60'000};
constexpr std::size_t kProcessBytesMax = std::size_t{64} * 1024;

Error failure(ErrorCode code, const std::string& what) {
  return {code, "credential_process: " + what};
}

}  // namespace

Result<Credentials> run_credential_process(const SourceContext& context,
                                           const std::string& command_line) {
  auto words = split_command_line(command_line);
  if (!words) return failure(ErrorCode::kInvalid, words.error().message);
  if (words->empty()) return failure(ErrorCode::kInvalid, "empty");

  system::Command command;
  command.arguments = std::move(words).value();
  command.environment = context.environment;
  command.timeout = kProcessTimeout;
  command.stdout_bytes_max = kProcessBytesMax;
  const auto output = system::run_command(command, context.stop);
  if (!output) {
    const ErrorCode code = output.error().code;
    if (code == ErrorCode::kCancelled) return output.error();
    if (code == ErrorCode::kNotFound) {
      return failure(ErrorCode::kInvalid,
                     "no such program: " + quote_bounded(command.arguments.front()));
    }
    return failure(ErrorCode::kUnavailable, code == ErrorCode::kTooLarge
                                                ? "it prints too much"
                                                : "it cannot be run or takes too long");
  }
  if (output->exit_code != 0) {
    return failure(ErrorCode::kUnavailable, "exit code " + std::to_string(output->exit_code));
  }
  auto credentials = parse_credential_json(output->standard_output, CredentialDialect::kProcess);
  if (credentials) return credentials;
  return failure(ErrorCode::kUnavailable, "its output: " + credentials.error().message);
}

}  // namespace lookout::aws
