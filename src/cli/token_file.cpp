#include "src/cli/token_file.hpp"

#include <utility>

#include "lookout/base/log.hpp"
#include "lookout/system/files.hpp"

namespace lookout::cli {
namespace {

constexpr std::size_t kBytesMax = 1U << 20;

Result<web::StaticTokens> read(const std::string& path) {
  const auto text = system::read_file(path, kBytesMax);
  if (!text) return text.error();
  auto tokens = web::StaticTokens::parse(*text);
  if (!tokens) return Error{tokens.error().code, path + ": " + tokens.error().message};
  return tokens;
}

}  // namespace

Result<std::unique_ptr<TokenFile>> TokenFile::open(const std::string& path) {
  auto tokens = read(path);
  if (!tokens) return Error{ErrorCode::kInvalid, "--auth-token-file: " + tokens.error().message};
  if (tokens->size() == 0) {
    return Error{ErrorCode::kInvalid, "--auth-token-file: " + path + ": no token in it"};
  }
  std::unique_ptr<TokenFile> out(new TokenFile(path));
  out->take_over(std::move(*tokens));
  return out;
}

void TokenFile::take_over(web::StaticTokens tokens) {
  if (tokens.size() == 0 && stats_.tokens.value() > 0) {
    log::warn("token file has no token any more, none is let in", {{"file", path_}});
  }
  stats_.tokens.set(static_cast<double>(tokens.size()));
  stats_.reload_success.set(1);
  if (std::exchange(failing_, false)) log::info("token file taken over again");
  MutexLock lock(mutex_);
  tokens_ = std::make_shared<const web::StaticTokens>(std::move(tokens));
}

void TokenFile::poll() {
  auto tokens = read(path_);
  if (tokens) return take_over(std::move(*tokens));
  stats_.reload_success.set(0);
  if (std::exchange(failing_, true)) return;
  log::warn("token file not taken over, the tokens of before stay", {{"error", tokens.error()}});
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
