#include "lookout/http/message.hpp"

#include <algorithm>

#include "lookout/base/text.hpp"

namespace lookout::http {

std::string_view method_name(Method method) {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kHead: return "HEAD";
    case Method::kPost: return "POST";
    case Method::kPut: return "PUT";
  }
  return "GET";
}

Headers::Headers(std::initializer_list<std::pair<std::string, std::string>> fields)
    : fields_(fields) {}

void Headers::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

const std::string* Headers::find(std::string_view name) const {
  const auto field = std::find_if(fields_.begin(), fields_.end(), [&](const auto& candidate) {
    return equals_ignoring_case(candidate.first, name);
  });
  return field == fields_.end() ? nullptr : &field->second;
}

std::string ResponseHead::media_type() const {
  const std::string* const field = headers.find("Content-Type");
  if (field == nullptr) return "";
  return to_lower(trim(std::string_view(*field).substr(0, field->find(';'))));
}

}  // namespace lookout::http
