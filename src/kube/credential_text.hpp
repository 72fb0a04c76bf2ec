// One text that proves who we or they are: inline, or a file read again when due.
// A new content is taken over only when it passes the check; until then the last good stays.
// Not thread-safe: its owner makes sure that one thread at a time polls.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/kube/credentials.hpp"
#include "lookout/system/files.hpp"

namespace lookout::kube {

class CredentialText {
 public:
  using Check = bool (*)(std::string_view text);

  // `fallback` is the text while the file was never good; without a file it is the text.
  CredentialText(std::string fallback, const std::string& path, Duration period, Check check);

  enum class Poll { kSame, kChanged, kFailed };
  // Counts in `stats`, and logs the first failure of a series.
  Poll poll(MonoTime now, CredentialStats& stats);
  // The next poll reads the file whatever the period says.
  void expire();

  // Empty when there is none. White space around it is cut off.
  const std::string& text() const { return text_; }
  bool has_file() const { return file_.has_value(); }
  // Of the last failed poll; nullopt after a good one.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  std::string text_;
  std::optional<system::WatchedFile> file_;
  Check check_;
  bool taken_once_ = false;
  std::optional<Error> failure_;
};

// Structure only; the TLS library judges the rest when a transport is made.
bool looks_like_certificates(std::string_view text);
bool looks_like_private_key(std::string_view text);
// Printable ASCII: safe inside a header value (RFC 6750's b64token is narrower).
bool looks_like_token(std::string_view text);

}  // namespace lookout::kube
