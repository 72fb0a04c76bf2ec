// A std::mutex that clang's thread safety analysis can follow.
// Locks are leaves: never held across I/O, logging or another lock.
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define LOOKOUT_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define LOOKOUT_THREAD_ANNOTATION(x)
#endif

#define CAPABILITY(x) LOOKOUT_THREAD_ANNOTATION(capability(x))
#define SCOPED_CAPABILITY LOOKOUT_THREAD_ANNOTATION(scoped_lockable)
#define GUARDED_BY(x) LOOKOUT_THREAD_ANNOTATION(guarded_by(x))
#define ACQUIRE(...) LOOKOUT_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define RELEASE(...) LOOKOUT_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
// Named LOCKED rather than REQUIRES: Catch2 owns REQUIRE and readers mix them up.
#define LOCKED(...) LOOKOUT_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) LOOKOUT_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define NO_THREAD_SAFETY_ANALYSIS LOOKOUT_THREAD_ANNOTATION(no_thread_safety_analysis)

namespace lookout {

class CAPABILITY("mutex") Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() RELEASE() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits on a Mutex that the caller holds through a MutexLock; stop_token aware:
//   MutexLock lock(mutex_);
//   changed_.wait(mutex_, stop, [&]() LOCKED(mutex_) { return !items_.empty(); });
using ConditionVariable = std::condition_variable_any;

}  // namespace lookout
