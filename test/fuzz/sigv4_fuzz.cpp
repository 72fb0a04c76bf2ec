// Any request that can be sent is signed the same twice, whatever the order of its query; the
// signature adds one line a header and no control characters.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lookout/aws/sigv4.hpp"
#include "lookout/base/text.hpp"

using namespace lookout;

namespace {

// The first line is the target, the others are "name:value".
http::Request request_of(std::string_view text) {
  http::Request request;
  const auto lines = split(text, '\n');
  request.target = lines.front();
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t colon = std::min(lines[i].find(':'), lines[i].size());
    request.headers.add(std::string(lines[i].substr(0, colon)),
                        std::string(lines[i].substr(std::min(colon + 1, lines[i].size()))));
  }
  return request;
}

std::string with_query_reversed(std::string_view target) {
  const std::size_t question = target.find('?');
  if (question == std::string_view::npos || question + 1 == target.size()) {
    return std::string(target);
  }
  std::string out(target.substr(0, question));
  const auto parts = split(target.substr(question + 1), '&');
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    out.append(part == parts.rbegin() ? "?" : "&").append(*part);
  }
  return out;
}

std::string signature_of(http::Request request, aws::PathRule rule) {
  aws::sign_request(request, "host", {"AKID", "secret", "token", std::nullopt},
                    {"us-east-1", "s3", WallTime(std::chrono::seconds(1'440'938'160))}, rule);
  const std::string once = *request.headers.find("Authorization");
  aws::sign_request(request, "host", {"AKID", "secret", "token", std::nullopt},
                    {"us-east-1", "s3", WallTime(std::chrono::seconds(1'440'938'160))}, rule);
  if (*request.headers.find("Authorization") != once) std::abort();
  return once;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  http::Request request = request_of(text);
  for (const aws::PathRule rule : {aws::PathRule::kAsSent, aws::PathRule::kNormalised}) {
    const std::string canonical = aws::canonical_request(request, "host", rule);
    if (!canonical.starts_with("GET\n")) std::abort();
    http::Request reversed = request;
    reversed.target = with_query_reversed(request.target);
    if (signature_of(request, rule) != signature_of(reversed, rule)) std::abort();
  }
  return 0;
}
