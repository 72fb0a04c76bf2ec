// Writes one response, and what a Fault does to its bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "test/fakes/connection.hpp"
#include "test/fakes/faults.hpp"

namespace lookout::fakes {

using HeaderFields = std::vector<std::pair<std::string, std::string>>;

// False from any call: the connection is of no more use.
class ResponseWriter {
 public:
  // Both outlive the writer.
  ResponseWriter(Connection& connection, const Fault& fault)
      : connection_(connection), fault_(fault) {}

  // length nullopt: chunked.
  bool start(int status, const HeaderFields& headers, std::optional<std::size_t> length);
  // In chunked bodies a piece is a chunk.
  bool add(std::string_view piece);
  bool finish();
  // All three.
  bool whole(int status, HeaderFields headers, std::string_view body);

 private:
  bool send_chunk(std::string_view bytes);
  bool cut(std::string_view bytes);

  Connection& connection_;
  const Fault& fault_;
  bool chunked_ = false;
  std::size_t sent_bytes_ = 0;
};

}  // namespace lookout::fakes
