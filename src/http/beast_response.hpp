// The bytes of one connection → one response, passed on to a sink. No sockets: this is what a
// fuzzer drives.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "lookout/http/transport.hpp"

namespace lookout::http {

// Informational answers (100, 103) before the real one.
inline constexpr int kInformationalMax = 8;

// Not thread-safe. After an error nothing more may be fed.
class ResponseReader {
 public:
  // `sink` outlives the reader. `method`: a HEAD's answer has no body whatever it says.
  ResponseReader(BodySink& sink, Method method, std::size_t header_bytes_max);
  ~ResponseReader();

  // Takes from the front of `bytes` what it can and says how much; the rest must be fed again
  // with more behind it. Calls the sink. REQUIRES: !done(). Errors: the sink's; kUnavailable
  // with the phase.
  Result<std::size_t> feed(std::string_view bytes);
  // The peer ended. Success when the response may end so.
  Result<void> end();

  bool done() const;
  bool head_delivered() const;
  bool keeps_alive() const;  // REQUIRES: done()

 private:
  class Parser;
  void restart();
  Error describe(const std::string& reason) const;

  BodySink& sink_;
  const Method method_;
  const std::size_t header_bytes_max_;
  int informational_ = 0;
  std::unique_ptr<Parser> parser_;
};

}  // namespace lookout::http
