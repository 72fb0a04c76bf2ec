#include "src/repository/answer.hpp"

#include <utility>

namespace lookout::repository {

Result<void> AnswerSink::on_head(const http::ResponseHead& head) {
  answer_.head = head;
  return {};
}

Result<void> AnswerSink::on_body(std::string_view bytes) {
  const std::string_view kept = bytes.substr(0, bytes_max_ - answer_.body.size());
  answer_.body += kept;
  if (kept.size() == bytes.size()) return {};
  cut_ = oversize_ == Oversize::kCut;
  return Error{ErrorCode::kTooLarge, "body: larger than " + std::to_string(bytes_max_) + " bytes"};
}

Result<Answer> ask(http::Transport& transport, const http::Request& request, std::size_t bytes_max,
                   std::stop_token stop) {
  AnswerSink sink(bytes_max, Oversize::kError);
  const Result<void> sent = transport.send(request, sink, std::move(stop));
  if (!sent.ok()) return sent.error();
  return sink.answer();
}

}  // namespace lookout::repository
