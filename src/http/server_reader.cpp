#include "src/http/server_reader.hpp"

#include <cstdint>
#include <limits>

#include "src/http/server_beast.hpp"

namespace lookout::http {
namespace {

using Parser = beast_http::request_parser<beast_http::empty_body>;

constexpr std::string_view kHeaderEnd = "\r\n\r\n";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What shows before the header is whole: TLS on a plain port, HTTP/0.9, HTTP/2.
std::optional<Refusal> refuse_early(std::string_view bytes) {
  if (!is_letter(bytes.front())) return Refusal{400, "not an HTTP request"};
  const std::size_t line_end = bytes.find('\n');
  if (line_end == std::string_view::npos) return std::nullopt;
  const std::string_view line = bytes.substr(0, line_end);
  if (line.ends_with(" HTTP/1.0\r") || line.ends_with(" HTTP/1.1\r")) return std::nullopt;
  return Refusal{400, "only HTTP/1.0 and HTTP/1.1"};
}

// `header` is everything up to and with the empty line.
std::optional<RequestHead> parse_head(std::string_view header) {
  Parser parser;
  // Limits are ours (Beast 1.74 measures its own anew with every put()), and bodies
  // are judged by the header alone.
  parser.header_limit(std::numeric_limits<std::uint32_t>::max());
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());
  error_code error;
  const std::size_t used = parser.put(net::buffer(header.data(), header.size()), error);
  if (error || used != header.size() || !parser.is_header_done()) return std::nullopt;
  const auto& message = parser.get();
  RequestHead head;
  head.method = std::string(message.method_string());
  head.target = std::string(message.target());
  head.version = message.version();
  head.keep_alive = parser.keep_alive();
  for (const auto& field : message) {
    head.headers.add(std::string(field.name_string()), std::string(field.value()));
  }
  return head;
}

}  // namespace

RequestReader::RequestReader(const ServerLimits& limits) : limits_(limits) {}

void RequestReader::append(std::string_view bytes) {
  pending_ += bytes;
}

std::optional<Verdict> RequestReader::next() {
  if (pending_.empty()) return std::nullopt;
  if (auto refusal = refuse_early(pending_)) return *std::move(refusal);
  const std::size_t end = pending_.find(kHeaderEnd);
  const bool whole = end != std::string::npos;
  const std::size_t size = whole ? end + kHeaderEnd.size() : pending_.size();
  if (size > limits_.header_bytes_max) return Refusal{431, "header too long"};
  if (!whole) return std::nullopt;
  std::optional<RequestHead> head = parse_head(std::string_view(pending_).substr(0, size));
  pending_.erase(0, size);
  if (!head) return Refusal{400, "not an HTTP request"};
  return judge(*std::move(head), limits_);
}

}  // namespace lookout::http
