#include "src/cli/token_file.hpp"

#include <utility>

#include "lookout/base/log.hpp"

namespace lookout::cli {
namespace {

constexpr std::size_t kBytesMax = 1U << 20;

}  // namespace

TokenFile::TokenFile(const std::string& path)
    : file_(path, std::chrono::seconds(0), kBytesMax),
      tokens_(std::make_shared<const web::StaticTokens>()) {}

Result<std::unique_ptr<TokenFile>> TokenFile::open(const std::string& path, MonoTime now) {
  std::unique_ptr<TokenFile> out(new TokenFile(path));
  const auto read = out->read(now);
  if (!read) return Error{ErrorCode::kInvalid, "--auth-token-file: " + read.error().message};
  return out;
}

Result<void> TokenFile::read(MonoTime now) {
  const auto outcome = file_.poll(now);
  if (outcome == system::WatchedFile::Outcome::kUnchanged) return {};
  if (outcome == system::WatchedFile::Outcome::kFailed) return *file_.last_error();
  auto parsed = web::StaticTokens::parse(file_.content());
  if (!parsed) return Error{parsed.error().code, file_.path() + ": " + parsed.error().message};
  stats_.tokens.set(static_cast<double>(parsed->size()));
  stats_.reload_success.set(1);
  if (std::exchange(failing_, false)) log::info("token file taken over again");
  MutexLock lock(mutex_);
  tokens_ = std::make_shared<const web::StaticTokens>(std::move(*parsed));
  return {};
}

void TokenFile::poll(MonoTime now) {
  const auto taken = read(now);
  if (taken) return;
  stats_.reload_success.set(0);
  if (std::exchange(failing_, true)) return;
  log::warn("token file not taken over, the tokens of before stay", {{"error", taken.error()}});
}

bool TokenFile::contains(std::string_view token) const {
  std::shared_ptr<const web::StaticTokens> tokens;
  {
    MutexLock lock(mutex_);
    tokens = tokens_;
  }
  return tokens->contains(token);
}

}  // namespace lookout::cli
