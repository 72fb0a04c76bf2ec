// The bytes of one connection → requests, in order. No sockets: this is what the
// fuzz target drives. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/http/server_request.hpp"

namespace lookout::http {

class RequestReader {
 public:
  explicit RequestReader(const ServerLimits& limits);

  // Copies; holds at most header_bytes_max and what one call brings.
  void append(std::string_view bytes);

  // The next request or what is wrong with it, whatever the split of the bytes; nullopt
  // when more are needed. After a Refusal the framing is lost: the connection must end.
  std::optional<Verdict> next();

  // Some bytes of an unfinished header are here.
  bool is_midway() const { return !pending_.empty(); }

 private:
  const ServerLimits limits_;
  std::string pending_;
};

}  // namespace lookout::http
