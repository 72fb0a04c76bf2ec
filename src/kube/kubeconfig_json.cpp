#include <nlohmann/json.hpp>

#include "lookout/base/text.hpp"
#include "src/kube/kubeconfig.hpp"

namespace lookout::kube {
namespace {

using encoding::Yaml;
using Json = nlohmann::json;

Json scalar_json(const Yaml& value) {
  if (value.quoted) return value.scalar;
  const std::string text = to_lower(value.scalar);
  if (text == "true" || text == "yes" || text == "on") return true;
  if (text == "false" || text == "no" || text == "off") return false;
  const Json number = Json::parse(value.scalar, nullptr, false);
  return number.is_number() ? number : Json(value.scalar);
}

// Recursion as deep as YamlLimits::depth_max.
Json to_json(const Yaml& value) {
  switch (value.kind) {
    case Yaml::Kind::kNull:
      return nullptr;
    case Yaml::Kind::kScalar:
      return scalar_json(value);
    case Yaml::Kind::kSequence: {
      Json array = Json::array();
      for (const Yaml& item : value.items) array.push_back(to_json(item));
      return array;
    }
    case Yaml::Kind::kMapping: {
      Json object = Json::object();
      for (const auto& [name, member] : value.members) object[name] = to_json(member);
      return object;
    }
  }
  return nullptr;
}

}  // namespace

std::string json_from_yaml(const Yaml& value) {
  return to_json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lookout::kube
