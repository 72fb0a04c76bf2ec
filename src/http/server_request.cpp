#include "src/http/server_request.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "lookout/base/text.hpp"

#include "src/http/server_target.hpp"

namespace lookout::http {
namespace {

std::ptrdiff_t count_fields(const Headers& headers, std::string_view name) {
  return std::count_if(headers.fields().begin(), headers.fields().end(), [name](const auto& field) {
    return equals_ignoring_case(field.first, name);
  });
}

std::optional<Refusal> refuse_framing(const RequestHead& head) {
  const std::ptrdiff_t lengths = count_fields(head.headers, "Content-Length");
  const std::ptrdiff_t codings = count_fields(head.headers, "Transfer-Encoding");
  const std::ptrdiff_t hosts = count_fields(head.headers, "Host");
  if (lengths > 0 && codings > 0) return Refusal{400, "Content-Length with Transfer-Encoding"};
  if (lengths > 1 || codings > 1) return Refusal{400, "repeated framing field"};
  if (codings > 0 && head.version < 11) return Refusal{400, "Transfer-Encoding in HTTP/1.0"};
  if (hosts > 1 || (hosts == 0 && head.version >= 11)) return Refusal{400, "need one Host field"};
  const std::string* const coding = head.headers.find("Transfer-Encoding");
  if (coding != nullptr && !equals_ignoring_case(trim(*coding), "chunked")) {
    return Refusal{400, "unknown Transfer-Encoding"};
  }
  return std::nullopt;
}

bool has_body(const Headers& headers) {
  const std::string* const length = headers.find("Content-Length");
  return headers.find("Transfer-Encoding") != nullptr || (length != nullptr && *length != "0");
}

std::optional<Method> answered_method(std::string_view name) {
  if (name == "GET") return Method::kGet;
  if (name == "HEAD") return Method::kHead;
  return std::nullopt;
}

}  // namespace

Verdict judge(RequestHead head, const ServerLimits& limits) {
  if (head.headers.fields().size() > limits.header_fields_max) {
    return Refusal{431, "too many header fields"};
  }
  if (auto refusal = refuse_framing(head)) return *std::move(refusal);
  const std::optional<Method> method = answered_method(head.method);
  if (!method) return Refusal{405, "only GET and HEAD are answered"};
  if (has_body(head.headers)) return Refusal{413, "requests have no body here"};
  Result<Target> target = parse_target(head.target);
  if (!target && target.error().code == ErrorCode::kTooLarge)
    return Refusal{414, "target too long"};
  if (!target) return Refusal{400, target.error().message};
  Accepted accepted;
  accepted.request = {*method, std::move(target->path), std::move(target->query),
                      std::move(head.headers)};
  accepted.version = head.version;
  accepted.keep_alive = head.keep_alive;
  return accepted;
}

}  // namespace lookout::http
