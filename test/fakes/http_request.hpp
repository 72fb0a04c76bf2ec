// A request as the fake server read it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "test/fakes/connection.hpp"

namespace lookout::fakes {

struct HttpRequest {
  std::string method;
  std::string path;                          // percent-decoded
  std::string raw_query;                     // as sent
  std::map<std::string, std::string> query;  // percent-decoded; the first of a name counts
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;  // "" when over RequestReader::kBodyBytesMax

  // "" when absent; names compare without case.
  std::string header(std::string_view name) const;
  std::string parameter(const std::string& name) const;  // "" when absent
};

// Reads requests off one connection, one after the other.
class RequestReader {
 public:
  static constexpr std::size_t kHeaderBytesMax = 64U << 10U;
  static constexpr std::size_t kBodyBytesMax = 64U << 10U;

  explicit RequestReader(Connection& connection) : connection_(connection) {}
  // nullopt: closed, stopped or not HTTP/1.1.
  std::optional<HttpRequest> next();

 private:
  bool fill();
  bool skip(std::size_t bytes);
  bool read_body(HttpRequest& request);

  Connection& connection_;
  std::string buffer_;
};

// nullopt when it is none.
std::optional<HttpRequest> parse_request(std::string_view head);

}  // namespace lookout::fakes
