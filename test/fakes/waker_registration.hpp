// Wakes a connection's thread on changes of the store, for as long as it lives.
#pragma once

#include "test/fakes/object_store.hpp"

namespace lookout::fakes {

class WakerRegistration {
 public:
  WakerRegistration(ObjectStore& store, Waker& waker) : store_(store), waker_(waker) {
    store_.add_waker(&waker_);
  }
  ~WakerRegistration() { store_.remove_waker(&waker_); }
  WakerRegistration(const WakerRegistration&) = delete;
  WakerRegistration& operator=(const WakerRegistration&) = delete;

 private:
  ObjectStore& store_;
  Waker& waker_;
};

}  // namespace lookout::fakes
