#include "src/repository/index_fetch.hpp"

#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "src/repository/answer.hpp"
#include "src/repository/body_checksum.hpp"
#include "src/repository/body_decoder.hpp"
#include "src/repository/byte_pipe.hpp"

namespace lookout::repository {
namespace {

// The parser on its thread, fed through the pipe.
class IndexParse {
 public:
  IndexParse(BodyDecoder decoder, const http::Headers& headers)
      : decoder_(std::move(decoder)), checksum_(headers), thread_([this] { run(); }) {}

  Result<void> take(std::string_view bytes, const std::stop_token& stop) {
    checksum_.take(bytes);
    return decoder_.take(bytes, [&](std::string_view text) { return pipe_.write(text, stop); });
  }

  // After the last take(); `sent` is how the transfer ended.
  std::variant<helm::ChartIndex, helm::IndexFailure> end(Result<void> sent) {
    if (sent.ok()) sent = decoder_.finish();
    if (sent.ok()) sent = checksum_.finish();
    if (sent.ok()) {
      pipe_.finish();
    } else {
      pipe_.fail(sent.error());
    }
    thread_.join();
    // A parser that is done before the end stopped the transfer itself: its word counts.
    auto* const failure = std::get_if<helm::IndexFailure>(&outcome_);
    const bool parser_ended_it = !sent.ok() && done_early_;
    if (sent.ok() || parser_ended_it || (failure != nullptr && failure->defect)) {
      return std::move(outcome_);
    }
    return helm::IndexFailure{std::nullopt, sent.error()};
  }

  std::uint64_t raw_bytes() const { return decoder_.raw_bytes(); }

 private:
  void run() {
    bool source_ended = false;
    outcome_ = helm::read_chart_index([&](std::span<char> out) {
      Result<std::size_t> got = pipe_.read(out);
      source_ended = !got.ok() || *got == 0;
      return got;
    });
    done_early_ = !source_ended;
    pipe_.close();
  }

  BodyDecoder decoder_;
  BodyChecksum checksum_;
  BytePipe pipe_;
  // Written by the thread, read once it has ended.
  helm::IndexOutcome outcome_;
  bool done_early_ = false;
  std::jthread thread_;  // last: uses all of the above
};

class IndexSink final : public http::BodySink {
 public:
  explicit IndexSink(std::stop_token stop) : stop_(std::move(stop)) {}

  Result<void> on_head(const http::ResponseHead& head) override {
    if (head.status != kOk) return refusal_.on_head(head);
    head_ = head;
    Result<BodyDecoder> decoder = BodyDecoder::create(head.headers);
    if (!decoder.ok()) return decoder.error();
    parse_ = std::make_unique<IndexParse>(std::move(*decoder), head.headers);
    return {};
  }

  Result<void> on_body(std::string_view bytes) override {
    return parse_ ? parse_->take(bytes, stop_) : refusal_.on_body(bytes);
  }

  IndexFetch end(const Result<void>& sent) {
    if (parse_) return end_parse(sent);
    if (sent.ok() || refusal_.cut()) {
      return {refusal_.answer().head, Refusal{refusal_.answer().body}};
    }
    return {head_, helm::IndexFailure{std::nullopt, sent.error()}};
  }

 private:
  static constexpr int kOk = 200;

  IndexFetch end_parse(const Result<void>& sent) {
    auto ended = parse_->end(sent);
    IndexFetch fetch{.head = head_, .content = {}, .bytes = parse_->raw_bytes()};
    std::visit([&](auto& content) { fetch.content = std::move(content); }, ended);
    return fetch;
  }

  const std::stop_token stop_;
  http::ResponseHead head_;
  AnswerSink refusal_{kRefusalBytesMax, Oversize::kCut};
  std::unique_ptr<IndexParse> parse_;
};

}  // namespace

IndexFetch fetch_index(http::Transport& transport, const http::Request& request,
                       std::stop_token stop) {
  IndexSink sink(stop);
  const Result<void> sent = transport.send(request, sink, std::move(stop));
  return sink.end(sent);
}

}  // namespace lookout::repository
