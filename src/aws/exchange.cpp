#include "src/aws/exchange.hpp"

#include <utility>

namespace lookout::aws {
namespace {

class AnswerSink final : public http::BodySink {
 public:
  explicit AnswerSink(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

  Result<void> on_head(const http::ResponseHead& head) override {
    answer.status = head.status;
    answer.headers = head.headers;
    return {};
  }
  Result<void> on_body(std::string_view bytes) override {
    if (bytes.size() > body_bytes_max_ - answer.body.size()) {
      return Error{ErrorCode::kTooLarge,
                   "the answer has more than " + std::to_string(body_bytes_max_) + " bytes"};
    }
    answer.body += bytes;
    return {};
  }

  Answer answer;

 private:
  const std::size_t body_bytes_max_;
};

Result<Answer> exchange_once(http::Transport& transport, const Exchange& exchange,
                             std::stop_token stop) {
  AnswerSink sink(exchange.body_bytes_max);
  if (auto sent = transport.send(exchange.request, sink, std::move(stop)); !sent) {
    return sent.error();
  }
  return std::move(sink.answer);
}

}  // namespace

Result<Answer> exchange(const SourceContext& context, const Exchange& exchange) {
  const auto transport = context.create_transport(exchange.peer);
  if (!transport) return transport.error();
  for (int attempts = 1;; ++attempts) {
    Result<Answer> answer = exchange_once(**transport, exchange, context.stop);
    if (!exchange.judge) return answer;
    const auto cause = answer ? exchange.judge(*answer, attempts) : retry_cause(answer.error());
    if (!cause) {
      if (answer) context.retries.succeeded();
      return answer;
    }
    const auto asked = answer ? asked_delay(answer->headers) : std::nullopt;
    const auto delay = context.retries.next_delay(*cause, attempts, asked);
    if (!delay) return answer;
    if (!context.clock.sleep(*delay, context.stop)) {
      return Error{ErrorCode::kCancelled, "cancelled"};
    }
  }
}

}  // namespace lookout::aws
