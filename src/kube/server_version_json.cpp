#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>

#include "lookout/base/text.hpp"
#include "lookout/kube/server_version.hpp"

namespace lookout::kube {
namespace {

constexpr std::size_t kVersionBytesMax = 16 * 1024;

Error malformed() {
  return {ErrorCode::kMalformed, "/version: not a version"};
}

std::optional<std::uint32_t> leading_number(const nlohmann::json& document, const char* key) {
  const auto member = document.find(key);
  if (member == document.end() || !member->is_string()) return std::nullopt;
  const auto& text = member->get_ref<const std::string&>();
  const auto end =
      std::find_if(text.begin(), text.end(), [](char c) { return c < '0' || c > '9'; });
  return parse_number<std::uint32_t>(std::string_view(text.begin(), end));
}

class TextSink final : public http::BodySink {
 public:
  Result<void> on_head(const http::ResponseHead&) override { return {}; }
  Result<void> on_body(std::string_view bytes) override {
    if (text.size() + bytes.size() > kVersionBytesMax) {
      return Error{ErrorCode::kTooLarge, "/version: too large"};
    }
    text += bytes;
    return {};
  }
  std::string text;
};

}  // namespace

Result<ServerVersion> parse_server_version(std::string_view json) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (!document.is_object()) return malformed();
  const auto major = leading_number(document, "major");
  const auto minor = leading_number(document, "minor");
  if (!major || !minor) return malformed();
  return ServerVersion{*major, *minor};
}

Result<ServerVersion> read_server_version(ApiClient& client, std::stop_token stop) {
  TextSink sink;
  ApiRequest request;
  request.target = "/version";
  request.accept = "application/json";
  const auto answered = client.get(request, sink, stop);
  if (!answered) return answered.error();
  return parse_server_version(sink.text);
}

}  // namespace lookout::kube
