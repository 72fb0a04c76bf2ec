#include "test/fakes/waker.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include "lookout/base/check.hpp"

namespace lookout::fakes {

Waker::Waker() : descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  LOOKOUT_CHECK(descriptor_ >= 0);
}

Waker::~Waker() {
  ::close(descriptor_);
}

void Waker::wake() {
  ::eventfd_write(descriptor_, 1);
}

void Waker::drain() {
  eventfd_t count = 0;
  ::eventfd_read(descriptor_, &count);
}

}  // namespace lookout::fakes
