// A bounded pipe between a thread that is pushed bytes (Transport) and one that pulls them (the
// index parser). Either end releases the other: one writer, one reader, each its own thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>

#include "lookout/base/mutex.hpp"
#include "lookout/base/result.hpp"

namespace lookout::repository {

class BytePipe {
 public:
  static constexpr std::size_t kBytesMax = 256U << 10;

  // Blocks while the pipe is full. kCancelled: stop was requested or the reader has closed.
  Result<void> write(std::string_view bytes, std::stop_token stop) EXCLUDES(mutex_);
  // No more bytes; read() returns 0 once it has had all. finish() or fail(), once.
  void finish() EXCLUDES(mutex_);
  // read() returns this at once.
  void fail(Error error) EXCLUDES(mutex_);

  // Blocks while the pipe is empty; the writer ends every wait. 0 = the end.
  Result<std::size_t> read(std::span<char> out) EXCLUDES(mutex_);
  // The reader is done; further writes fail.
  void close() EXCLUDES(mutex_);

 private:
  std::size_t put(std::string_view bytes) LOCKED(mutex_);
  std::size_t take(std::span<char> out) LOCKED(mutex_);

  Mutex mutex_;
  ConditionVariable changed_;
  const std::unique_ptr<char[]> ring_ = std::make_unique<char[]>(kBytesMax);
  std::size_t begin_ GUARDED_BY(mutex_) = 0;
  std::size_t size_ GUARDED_BY(mutex_) = 0;
  bool finished_ GUARDED_BY(mutex_) = false;
  bool closed_ GUARDED_BY(mutex_) = false;
  std::optional<Error> failure_ GUARDED_BY(mutex_);
};

}  // namespace lookout::repository
