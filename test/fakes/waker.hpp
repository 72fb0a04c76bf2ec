// Wakes a thread that blocks in poll(): an eventfd.
#pragma once

namespace lookout::fakes {

// Thread-safe but for the descriptor's owner: only one thread polls and drains.
class Waker {
 public:
  Waker();
  ~Waker();
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

  void wake();
  void drain();
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

}  // namespace lookout::fakes
