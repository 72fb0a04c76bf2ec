#include "src/repository/byte_pipe.hpp"

#include <algorithm>
#include <utility>

namespace lookout::repository {

Result<void> BytePipe::write(std::string_view bytes, std::stop_token stop) {
  while (!bytes.empty()) {
    MutexLock lock(mutex_);
    const bool ready =
        changed_.wait(mutex_, stop, [&]() LOCKED(mutex_) { return closed_ || size_ < kBytesMax; });
    if (!ready) return Error{ErrorCode::kCancelled, "cancelled"};
    if (closed_) return Error{ErrorCode::kCancelled, "nobody reads any more"};
    bytes.remove_prefix(put(bytes));
    changed_.notify_all();
  }
  return {};
}

void BytePipe::finish() {
  MutexLock lock(mutex_);
  finished_ = true;
  changed_.notify_all();
}

void BytePipe::fail(Error error) {
  MutexLock lock(mutex_);
  failure_ = std::move(error);
  changed_.notify_all();
}

Result<std::size_t> BytePipe::read(std::span<char> out) {
  MutexLock lock(mutex_);
  changed_.wait(mutex_, [&]() LOCKED(mutex_) { return size_ > 0 || finished_ || failure_; });
  if (failure_) return *failure_;
  const std::size_t taken = take(out);
  changed_.notify_all();
  return taken;
}

void BytePipe::close() {
  MutexLock lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

std::size_t BytePipe::put(std::string_view bytes) {
  const std::size_t end = (begin_ + size_) % kBytesMax;
  const std::size_t room = std::min(kBytesMax - size_, kBytesMax - end);
  const std::size_t count = std::min(room, bytes.size());
  std::copy_n(bytes.data(), count, ring_.get() + end);
  size_ += count;
  return count;
}

std::size_t BytePipe::take(std::span<char> out) {
  const std::size_t count = std::min({size_, kBytesMax - begin_, out.size()});
  std::copy_n(ring_.get() + begin_, count, out.data());
  begin_ = (begin_ + count) % kBytesMax;
  size_ -= count;
  return count;
}

}  // namespace lookout::repository
