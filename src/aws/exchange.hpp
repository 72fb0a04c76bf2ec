// One small request and its whole answer, tried again where that is of use.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "lookout/aws/retry.hpp"
#include "lookout/base/result.hpp"
#include "lookout/http/transport.hpp"

#include "src/aws/source_context.hpp"

namespace lookout::aws {

struct Answer {
  int status = 0;
  http::Headers headers;
  std::string body;
};

struct Exchange {
  // After so many attempts (1, 2, ...): whether this answer is worth another one.
  using Judge = std::function<std::optional<RetryCause>(const Answer&, int attempts)>;

  http::TransportOptions peer;
  http::Request request;
  std::size_t body_bytes_max = std::size_t{64} * 1024;
  Judge judge;  // none: a single attempt, whatever fails
};

// Any status is a success. What the transport says when it fails; kTooLarge, kCancelled.
Result<Answer> exchange(const SourceContext& context, const Exchange& exchange);

}  // namespace lookout::aws
