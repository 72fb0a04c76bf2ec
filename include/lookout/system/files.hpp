// Bounded file reads, and files that others rewrite under us (projected volumes,
// rotated tokens): read again when due, old content kept while the new is unusable.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"

namespace lookout::system {

inline constexpr std::size_t kFileBytesMax = 4U << 20;

// kNotFound, kTooLarge, kForbidden, kUnavailable; the message names the path.
Result<std::string> read_file(const std::string& path, std::size_t bytes_max = kFileBytesMax);

// All variables that this process was given.
std::map<std::string, std::string> environment();
// Sets one for libraries in this process alone: environment(), and so what children get, keeps what
// was given. Before any thread starts.
void set_for_libraries(const std::string& name, const std::string& value);

// A file read again at most once a period. Not thread-safe: its owner locks.
class WatchedFile {
 public:
  WatchedFile(std::string path, Duration period, std::size_t bytes_max = kFileBytesMax);

  // Reads when never read, when the period has passed or after expire().
  // kChanged: content() is new, or what it was before a failure.
  // kFailed: missing, empty or too large; content() stays the last good.
  enum class Outcome { kUnchanged, kChanged, kFailed };
  Outcome poll(MonoTime now);
  void expire();

  const std::string& content() const { return content_; }
  const std::string& path() const { return path_; }
  // Of the last kFailed.
  const std::optional<Error>& last_error() const { return last_error_; }

 private:
  const std::string path_;
  const Duration period_;
  const std::size_t bytes_max_;
  std::string content_;
  std::optional<MonoTime> read_at_;
  std::optional<Error> last_error_;
};

}  // namespace lookout::system
