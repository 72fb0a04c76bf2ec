#include "src/http/server_reader.hpp"

#include <limits>

#include "src/http/server_beast.hpp"

namespace lookout::http {
namespace {

using BeastParser = beast_http::request_parser<beast_http::empty_body>;

RequestHead to_head(const BeastParser& parser) {
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

Refusal to_refusal(const error_code& error) {
  if (error == beast_http::error::header_limit) return {431, "header too long"};
  if (error == beast_http::error::bad_version) return {400, "only HTTP/1.0 and HTTP/1.1"};
  return {400, "not an HTTP request"};
}

}  // namespace

struct RequestReader::Parser {
  BeastParser beast;
};

RequestReader::RequestReader(const ServerLimits& limits) : limits_(limits) {}
RequestReader::~RequestReader() = default;

void RequestReader::append(std::string_view bytes) { pending_ += bytes; }

std::optional<Verdict> RequestReader::next() {
  if (pending_.empty()) return std::nullopt;
  if (parser_ == nullptr) {
    parser_ = std::make_unique<Parser>();
    parser_->beast.header_limit(std::numeric_limits<std::uint32_t>::max());
    // Bodies are judged by the head alone and never parsed.
    parser_->beast.body_limit(std::numeric_limits<std::uint64_t>::max());
  }
  error_code error;
  const std::size_t used = parser_->beast.put(net::buffer(pending_), error);
  pending_.erase(0, used);
  header_bytes_ += used;
  // Counted here: Beast 1.74 measures its limit anew with every put().
  const bool unfinished = error == beast_http::error::need_more;
  if (header_bytes_ + (unfinished ? pending_.size() : 0) > limits_.header_bytes_max) {
    return Refusal{431, "header too long"};
  }
  if (unfinished) return std::nullopt;
  if (error) return to_refusal(error);
  RequestHead head = to_head(parser_->beast);
  parser_.reset();
  header_bytes_ = 0;
  return judge(std::move(head), limits_);
}

bool RequestReader::is_midway() const { return header_bytes_ > 0 || !pending_.empty(); }

}  // namespace lookout::http
