// A small answer, kept whole: error documents, tokens, manifests.
#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>

#include "lookout/http/transport.hpp"

namespace lookout::repository {

inline constexpr std::size_t kRefusalBytesMax = 64U << 10;

// What a refusal's body says beyond kRefusalBytesMax is of no interest.
enum class Oversize { kError, kCut };

struct Answer {
  http::ResponseHead head;
  std::string body;
};

// Keeps what is sent to it, up to a limit.
class AnswerSink final : public http::BodySink {
 public:
  AnswerSink(std::size_t bytes_max, Oversize oversize)
      : bytes_max_(bytes_max), oversize_(oversize) {}

  Result<void> on_head(const http::ResponseHead& head) override;
  Result<void> on_body(std::string_view bytes) override;

  const Answer& answer() const { return answer_; }
  // The transfer ended because there was more than is kept, which is as good as complete.
  bool cut() const { return cut_; }

 private:
  const std::size_t bytes_max_;
  const Oversize oversize_;
  Answer answer_;
  bool cut_ = false;
};

// The answer to one request, of any status. Errors are send()'s, and kTooLarge past `bytes_max`.
Result<Answer> ask(http::Transport& transport, const http::Request& request, std::size_t bytes_max,
                   std::stop_token stop);

}  // namespace lookout::repository
