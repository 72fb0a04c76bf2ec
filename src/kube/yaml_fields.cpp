#include "src/kube/yaml_fields.hpp"

#include <algorithm>
#include <array>

#include "lookout/base/text.hpp"
#include "lookout/encoding/base64.hpp"

namespace lookout::kube {

using encoding::Yaml;

YamlFields::YamlFields(const Yaml& node, std::string where)
    : node_(node), where_(std::move(where)) {
  if (node.kind == Yaml::Kind::kMapping || node.is_null()) return;
  error_ = Error{ErrorCode::kInvalid, where_ + ": a mapping is expected"};
}

void YamlFields::fail(std::string_view key, const std::string& what) {
  if (!error_) error_ = Error{ErrorCode::kInvalid, where(key) + ": " + what};
}

Result<void> YamlFields::result() const { return error_ ? Result<void>(*error_) : Result<void>(); }

const Yaml* YamlFields::member(std::string_view key) const {
  const Yaml* found = error_ ? nullptr : node_.find(key);
  return found == nullptr || found->is_null() ? nullptr : found;
}

const Yaml* YamlFields::member_of_kind(std::string_view key, Yaml::Kind kind,
                                       const char* expected) {
  const Yaml* found = member(key);
  if (found == nullptr || found->kind == kind) return found;
  fail(key, std::string(expected) + " is expected");
  return nullptr;
}

const Yaml* YamlFields::mapping(std::string_view key) {
  return member_of_kind(key, Yaml::Kind::kMapping, "a mapping");
}

const Yaml* YamlFields::sequence(std::string_view key) {
  return member_of_kind(key, Yaml::Kind::kSequence, "a list");
}

YamlFields& YamlFields::text(std::string_view key, std::string& into) {
  const Yaml* found = member_of_kind(key, Yaml::Kind::kScalar, "a string");
  if (found != nullptr) into = found->scalar;
  return *this;
}

YamlFields& YamlFields::flag(std::string_view key, bool& into) {
  const Yaml* found = member_of_kind(key, Yaml::Kind::kScalar, "true or false");
  if (found == nullptr) return *this;
  constexpr std::array<std::string_view, 4> yes = {"true", "yes", "on", "y"};
  constexpr std::array<std::string_view, 4> no = {"false", "no", "off", "n"};
  const std::string value = to_lower(found->scalar);
  const bool is_yes = std::find(yes.begin(), yes.end(), value) != yes.end();
  const bool is_no = std::find(no.begin(), no.end(), value) != no.end();
  if (found->quoted || is_yes == is_no) {
    fail(key, "true or false is expected");
  } else {
    into = is_yes;
  }
  return *this;
}

YamlFields& YamlFields::base64(std::string_view key, std::string& into) {
  std::string encoded;
  text(key, encoded);
  if (encoded.empty()) return *this;
  Result<std::string> decoded = encoding::base64_decode(encoded);
  if (decoded.ok()) {
    into = std::move(decoded).value();
  } else {
    fail(key, "not base64");
  }
  return *this;
}

YamlFields& YamlFields::texts(std::string_view key, std::vector<std::string>& into) {
  const Yaml* found = sequence(key);
  if (found == nullptr) return *this;
  for (const Yaml& item : found->items) {
    if (item.kind != Yaml::Kind::kScalar && !item.is_null()) {
      fail(key, "a list of strings is expected");
    }
    into.push_back(item.is_null() ? "" : item.scalar);
  }
  return *this;
}

}  // namespace lookout::kube
