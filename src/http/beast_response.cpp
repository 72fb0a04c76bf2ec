#include "src/http/beast_response.hpp"

// clang-format off
// <boost/asio/awaitable.hpp> of 1.74 uses std::exchange without including this.
#include <utility>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
// clang-format on

#include <limits>
#include <optional>
#include <string>

namespace lookout::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

std::string_view as_text(string_view text) {
  return {text.data(), text.size()};
}

error_code stopped_by_sink() {
  return make_error_code(boost::system::errc::operation_canceled);
}

}  // namespace

class ResponseReader::Parser final : public beast_http::basic_parser<false> {
 public:
  Parser(BodySink& sink, std::size_t header_bytes_max)
      : sink_(sink), header_bytes_left_(header_bytes_max) {
    eager(true);
    // Sinks know how much they want; without a limit Beast compares an empty optional (1.74).
    body_limit((std::numeric_limits<std::uint64_t>::max)());
  }

  bool is_informational() const { return head_.status / 100 == 1; }
  int status() const { return head_.status; }
  bool head_delivered() const { return head_delivered_; }
  const std::optional<Error>& refusal() const { return refusal_; }

  // Beast 1.74 asserts that an unfinished last chunk has 5 bytes when it looks again.
  bool needs_five_bytes() const { return is_header_done() && chunked() && !chunk_begun_; }

 private:
  void on_request_impl(beast_http::verb, string_view, string_view, int, error_code&) override {}

  void on_response_impl(int status, string_view, int, error_code& error) override {
    if (status < 100) error = beast_http::error::bad_status;
    head_.status = status;
  }

  void on_field_impl(beast_http::field, string_view name, string_view value,
                     error_code& error) override {
    if (head_delivered_) return;  // a trailer
    // Beast's own limit begins anew with each piece that ends where a field ends (1.74).
    const std::size_t size = name.size() + value.size() + 4;
    if (size > header_bytes_left_) {
      error = beast_http::error::header_limit;
      return;
    }
    header_bytes_left_ -= size;
    head_.headers.add(std::string(name), std::string(value));
  }

  void on_header_impl(error_code& error) override {
    if (is_informational()) return;
    head_delivered_ = true;
    judge(sink_.on_head(head_), error);
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}

  std::size_t on_body_impl(string_view bytes, error_code& error) override {
    judge(sink_.on_body(as_text(bytes)), error);
    return bytes.size();
  }

  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {
    chunk_begun_ = true;
  }

  std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code& error) override {
    return on_body_impl(bytes, error);
  }

  void on_finish_impl(error_code&) override {}

  void judge(Result<void> verdict, error_code& error) {
    if (verdict) return;
    refusal_ = verdict.error();
    error = stopped_by_sink();
  }

  BodySink& sink_;
  std::size_t header_bytes_left_;
  ResponseHead head_;
  bool head_delivered_ = false;
  bool chunk_begun_ = false;
  std::optional<Error> refusal_;
};

ResponseReader::ResponseReader(BodySink& sink, Method method, std::size_t header_bytes_max)
    : sink_(sink), method_(method), header_bytes_max_(header_bytes_max) {
  restart();
}

ResponseReader::~ResponseReader() = default;

void ResponseReader::restart() {
  parser_ = std::make_unique<Parser>(sink_, header_bytes_max_);
  parser_->header_limit(static_cast<std::uint32_t>(header_bytes_max_));
  parser_->skip(method_ == Method::kHead);
}

Result<std::size_t> ResponseReader::feed(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && !done()) {
    const std::string_view rest = bytes.substr(used);
    if (parser_->needs_five_bytes() && rest.size() < 5) break;
    error_code error;
    used += parser_->put({rest.data(), rest.size()}, error);
    if (error == beast_http::error::need_more) break;
    if (error) return describe(error.message());
    if (!parser_->is_done() || !parser_->is_informational()) continue;
    if (parser_->status() == 101) return describe("another protocol that nobody asked for");
    if (++informational_ > kInformationalMax) return describe("too many informational answers");
    restart();
  }
  return used;
}

Result<void> ResponseReader::end() {
  error_code error = beast_http::error::partial_message;
  if (parser_->got_some()) parser_->put_eof(error);
  if (error) return describe("peer closed the connection early");
  return {};
}

Error ResponseReader::describe(const std::string& reason) const {
  if (parser_->refusal()) return *parser_->refusal();
  const std::string_view reached = head_delivered() ? phase::kBody : phase::kHeaders;
  return {ErrorCode::kUnavailable, std::string(reached) + reason};
}

bool ResponseReader::done() const {
  return parser_->is_done();
}

bool ResponseReader::head_delivered() const {
  return parser_->head_delivered();
}

bool ResponseReader::keeps_alive() const {
  return parser_->keep_alive();
}

}  // namespace lookout::http
