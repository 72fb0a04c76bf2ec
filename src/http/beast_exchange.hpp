// One request and its answer over one wire.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "lookout/http/transport.hpp"

#include "src/http/beast_route.hpp"
#include "src/http/beast_wire.hpp"

namespace lookout::http {

// Pieces that a sink is given, at most.
inline constexpr std::size_t kPieceBytesMax = 128 * 1024;

struct Outgoing {
  std::string text;  // head and body as they are sent
  Method method = Method::kGet;
  std::size_t header_bytes_max = 0;  // of the answer
  std::chrono::milliseconds idle_timeout{0};
};

// For the origin, or for a forwarding proxy with the whole URL.
std::string request_text(const Request& request, const Route& route);

struct Exchanged {
  Result<void> outcome;   // errors with their phase
  bool answered = false;  // a byte at least came back
  bool reusable = false;  // the wire may carry another request
};

// Passes the answer on to the sink. `header` lasts until the answer's header has ended.
Exchanged exchange(Wire& wire, const Outgoing& outgoing, BodySink& sink, const Patience& header);

}  // namespace lookout::http
