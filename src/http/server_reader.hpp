// The bytes of one connection → requests, in order. No sockets: this is what the
// fuzz target drives. Not thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "src/http/server_request.hpp"

namespace lookout::http {

class RequestReader {
 public:
  explicit RequestReader(const ServerLimits& limits);
  ~RequestReader();

  // Copies; holds at most what was appended since next() last asked for more.
  void append(std::string_view bytes);

  // The next request or what is wrong with it; nullopt when more bytes are needed.
  // After a Refusal the framing is lost: the connection must end.
  std::optional<Verdict> next();

  // Some bytes of an unfinished header are here.
  bool is_midway() const;

 private:
  struct Parser;  // keeps Boost out of this header

  const ServerLimits limits_;
  std::string pending_;              // received, not yet parsed
  std::size_t header_bytes_ = 0;     // parsed of the header under way
  std::unique_ptr<Parser> parser_;  // of the request under way
};

}  // namespace lookout::http
