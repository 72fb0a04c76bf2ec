// The bearer tokens of --auth-token-file, followed when the file changes (a remounted Secret).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "lookout/base/mutex.hpp"
#include "lookout/base/result.hpp"
#include "lookout/metrics/auth_stats.hpp"
#include "lookout/web/static_tokens.hpp"

namespace lookout::cli {

class TokenFile {
 public:
  // kInvalid in one line that names the file, and the line when it is about one; a file without
  // any token too.
  static Result<std::unique_ptr<TokenFile>> open(const std::string& path);

  // Reads the file. One that is missing or broken is logged once, and the last good one stays; one
  // that was emptied takes all tokens away. From one thread.
  void poll() EXCLUDES(mutex_);
  // Thread-safe.
  bool contains(std::string_view token) const EXCLUDES(mutex_);
  const metrics::TokenFileStats& stats() const { return stats_; }

 private:
  explicit TokenFile(std::string path) : path_(std::move(path)) {}
  void take_over(web::StaticTokens tokens) EXCLUDES(mutex_);

  const std::string path_;
  bool failing_ = false;
  metrics::TokenFileStats stats_;
  mutable Mutex mutex_;
  std::shared_ptr<const web::StaticTokens> tokens_ GUARDED_BY(mutex_);
};

}  // namespace lookout::cli
