// A test program that uses cpprestsdk starts it as main() does, before its first test: no other
// thread runs yet.

#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

#include "lookout/http/cpprest_transport.hpp"

namespace {

class CpprestListener : public Catch::TestEventListenerBase {
 public:
  using TestEventListenerBase::TestEventListenerBase;

  void testRunStarting(const Catch::TestRunInfo&) override { lookout::http::start_cpprest_io(); }
};

}  // namespace

CATCH_REGISTER_LISTENER(CpprestListener)
