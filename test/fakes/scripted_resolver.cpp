#include "test/fakes/scripted_resolver.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include "lookout/base/mutex.hpp"

namespace lookout::fakes {
namespace {

struct SlowName {
  Mutex mutex;
  ConditionVariable changed;
  bool asked GUARDED_BY(mutex) = false;
  bool released GUARDED_BY(mutex) = false;
};

SlowName& slow_name() {
  static SlowName state;
  return state;
}

void wait_for_release() {
  SlowName& slow = slow_name();
  MutexLock lock(slow.mutex);
  slow.asked = true;
  slow.changed.notify_all();
  slow.changed.wait(slow.mutex, [&slow]() LOCKED(slow.mutex) { return slow.released; });
}

int resolve_literally(const char* address, const char* service, const addrinfo* hints,
                      addrinfo** found) {
  using Resolver = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto next = reinterpret_cast<Resolver>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return next(address, service, hints, found);
}

}  // namespace

void wait_for_slow_lookup() {
  SlowName& slow = slow_name();
  MutexLock lock(slow.mutex);
  slow.changed.wait(slow.mutex, [&slow]() LOCKED(slow.mutex) { return slow.asked; });
}

void release_slow_name() {
  SlowName& slow = slow_name();
  MutexLock lock(slow.mutex);
  slow.released = true;
  slow.changed.notify_all();
}

int resolve(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
  const std::string_view name = node != nullptr ? node : "";
  if (name == kUnknownName) return EAI_NONAME;
  if (name == kSlowName) {
    wait_for_release();
    return EAI_NONAME;
  }
  return resolve_literally(name == kIpv6Name ? "::1" : node, service, hints, found);
}

}  // namespace lookout::fakes

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  return lookout::fakes::resolve(node, service, hints, found);
}
