// The way for other threads onto a server's thread, for as long as there is one.
#pragma once

#include <utility>

#include "lookout/base/mutex.hpp"

#include "src/http/server_beast.hpp"

namespace lookout::http {

// Thread-safe.
class Inbox {
 public:
  explicit Inbox(net::io_context& io) : io_(&io) {}

  // Runs `task` on the server's thread later, never within this call; drops it after close().
  template <class Task>
  void post(Task task) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (io_ != nullptr) net::post(*io_, std::move(task));
  }

  // Before the io_context ends.
  void close() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    io_ = nullptr;
  }

 private:
  Mutex mutex_;
  net::io_context* io_ GUARDED_BY(mutex_);
};

}  // namespace lookout::http
