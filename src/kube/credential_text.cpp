#include "src/kube/credential_text.hpp"

#include <algorithm>
#include <utility>

#include "lookout/base/log.hpp"
#include "lookout/base/text.hpp"

namespace lookout::kube {
namespace {

constexpr std::size_t kPathQuotedBytesMax = 256;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

CredentialText::CredentialText(std::string fallback, const std::string& path, Duration period,
                               Check check)
    : text_(std::move(fallback)), check_(check) {
  if (!path.empty()) file_.emplace(path, period);
}

CredentialText::Poll CredentialText::poll(MonoTime now, CredentialStats& stats) {
  if (!file_) return Poll::kSame;
  const auto outcome = file_->poll(now);
  if (outcome == system::WatchedFile::Outcome::kUnchanged) return Poll::kSame;

  std::optional<Error> failure;
  if (outcome == system::WatchedFile::Outcome::kFailed) {
    failure = file_->last_error();
  } else if (!check_(trim(file_->content()))) {
    failure = Error{ErrorCode::kMalformed, "read " +
                                               quote_bounded(file_->path(), kPathQuotedBytesMax) +
                                               ": not what this file should hold"};
  }
  if (failure) {
    stats.reload_errors.add();
    if (!failure_ && taken_once_) {
      log::warn("credential file unusable, old one kept", {{"error", *failure}});
    }
    failure_ = std::move(failure);
    return Poll::kFailed;
  }
  failure_.reset();
  std::string fresh(trim(file_->content()));
  const bool changed = fresh != text_;
  if (taken_once_ && changed) stats.reloads.add();
  taken_once_ = true;
  text_ = std::move(fresh);
  return changed ? Poll::kChanged : Poll::kSame;
}

void CredentialText::expire() {
  if (file_) file_->expire();
}

bool looks_like_certificates(std::string_view text) {
  return contains(text, "-----BEGIN CERTIFICATE-----") &&
         contains(text, "-----END CERTIFICATE-----");
}

bool looks_like_private_key(std::string_view text) {
  return contains(text, "-----BEGIN ") && contains(text, "PRIVATE KEY-----");
}

bool looks_like_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return c >= ' ' && c < '\x7f'; });
}

}  // namespace lookout::kube
