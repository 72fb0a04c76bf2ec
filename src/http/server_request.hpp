// Whether a parsed request head is one we answer, and what a handler sees of it.
// Pure: no sockets, no Boost.
#pragma once

#include <string>
#include <variant>

#include "lookout/http/server.hpp"

namespace lookout::http {

// As the parser found it, nothing judged yet.
struct RequestHead {
  std::string method;
  std::string target;
  unsigned version = 11;  // 10 or 11
  bool keep_alive = true;
  Headers headers;
};

struct Accepted {
  ServerRequest request;
  unsigned version = 11;
  bool keep_alive = true;
};

// The server's own answer; the connection ends after it.
struct Refusal {
  int status = 400;
  std::string reason;  // one line, nothing of the request in it
};

using Verdict = std::variant<Accepted, Refusal>;

// RFC 9112: 400 for what request smuggling is made of (Content-Length with
// Transfer-Encoding, unknown codings, no or several Host), then 405, 413 for any
// body, 431 for too many fields, 414 or 400 for the target.
Verdict judge(RequestHead head, const ServerLimits& limits);

}  // namespace lookout::http
