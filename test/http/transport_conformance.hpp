// What every backend of Transport must do, as tests. A backend's test file calls each
// function from a TEST_CASE of its own:
//   TEST_CASE("cpprest transport: bodies") { conformance::bodies(create_cpprest_transport); }
// They run real sockets on loopback and hold sections of Catch2.
#pragma once

#include <functional>
#include <memory>

#include "lookout/http/transport.hpp"

namespace lookout::http::conformance {

using Factory = std::function<Result<std::unique_ptr<Transport>>(TransportOptions)>;

void requests(const Factory& create);      // what goes out: methods, targets, headers, bodies
void bodies(const Factory& create);        // streaming, sizes, ends, back pressure
void failures(const Factory& create);      // refused, reset, truncated, not HTTP, sink errors
void cancellation(const Factory& create);  // in every phase
void time_outs(const Factory& create);
void connections(const Factory& create);  // keep-alive, concurrency, half-open peers
void tls(const Factory& create);
void proxies(const Factory& create);

}  // namespace lookout::http::conformance
