#include "src/cli/decode_input.hpp"

#include <algorithm>

#include "lookout/base/text.hpp"
#include "lookout/encoding/base64.hpp"
#include "lookout/encoding/yaml.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;
using helm::PayloadEncoding;

std::string scalar_of(const Yaml* node) {
  return node != nullptr && node->kind == Yaml::Kind::kScalar ? node->scalar : std::string();
}

Result<DecodeInput> from_object(const Yaml& object) {
  const std::string kind = scalar_of(object.find("kind"));
  if (kind != "Secret" && kind != "ConfigMap") {
    return Error{ErrorCode::kMalformed,
                 "expected a Secret or ConfigMap, got kind " + quote_bounded(kind)};
  }
  DecodeInput out;
  out.encoding = kind == "Secret" ? PayloadEncoding::kDoubleBase64 : PayloadEncoding::kBase64;
  if (const Yaml* metadata = object.find("metadata")) {
    out.name = scalar_of(metadata->find("name"));
    out.ns = scalar_of(metadata->find("namespace"));
  }
  const Yaml* data = object.find("data");
  const Yaml* release = data == nullptr ? nullptr : data->find("release");
  if (release != nullptr) out.payload = scalar_of(release);
  return out;
}

bool is_base64_text(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '=' || c == '\n' || c == '\r';
  });
}

DecodeInput from_payload(std::string_view text) {
  DecodeInput out;
  if (!is_base64_text(text)) {  // gzip or JSON: put the layer back that Helm has around it
    out.payload = encoding::base64_encode(text);
    return out;
  }
  out.payload = std::string(text);
  const auto inner = encoding::base64_decode(text);
  if (inner && is_base64_text(*inner)) out.encoding = PayloadEncoding::kDoubleBase64;
  return out;
}

}  // namespace

Result<DecodeInput> parse_decode_input(std::string_view text) {
  const std::string_view trimmed = trim(text);
  if (trimmed.empty()) return Error{ErrorCode::kMalformed, "the input is empty"};
  if (is_base64_text(trimmed)) return from_payload(trimmed);
  encoding::YamlLimits limits;
  limits.bytes_max = kDecodeBytesMax;
  const auto document = encoding::parse_yaml(text, limits);
  if (document && document->kind == Yaml::Kind::kMapping && document->find("kind") != nullptr) {
    return from_object(*document);
  }
  return from_payload(text);
}

}  // namespace lookout::cli
