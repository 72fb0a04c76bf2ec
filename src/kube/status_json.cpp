#include "src/kube/status_json.hpp"

#include <nlohmann/json.hpp>

#include "src/kube/status_causes.hpp"

namespace lookout::kube {
namespace {

using nlohmann::json;

// "" for a member that is absent or no string: a Status with less in it is still one.
std::string text_member(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const json& object_member(const json& object, const char* key) {
  static const json kNone = json::object();
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : kNone;
}

template <class N>
std::optional<N> number_member(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  const auto number = found->get<std::int64_t>();
  if (number < 0 || number > std::int64_t{std::numeric_limits<std::int32_t>::max()}) {
    return std::nullopt;
  }
  return static_cast<N>(number);
}

StatusCauses read_causes(const json& details) {
  StatusCauses causes;
  const auto list = details.find("causes");
  if (list == details.end() || !list->is_array()) return causes;
  for (const json& cause : *list) {
    if (cause.is_object()) causes.add(text_member(cause, "reason"), text_member(cause, "message"));
  }
  return causes;
}

std::optional<Status> read_status(const json& object) {
  if (!object.is_object() || text_member(object, "kind") != "Status") return std::nullopt;
  const json& details = object_member(object, "details");
  Status status;
  status.code = number_member<int>(object, "code").value_or(0);
  status.reason = text_member(object, "reason");
  status.message = text_member(object, "message");
  status.continue_token = text_member(object_member(object, "metadata"), "continue");
  status.retry_after_seconds = number_member<std::uint32_t>(details, "retryAfterSeconds");
  status.resource_version_too_large = read_causes(details).resource_version_too_large(status);
  return status;
}

}  // namespace

std::optional<Status> read_status_json(std::string_view text) {
  return read_status(json::parse(text, nullptr, false));
}

std::optional<Status> read_error_event_json(std::string_view text) {
  const json event = json::parse(text, nullptr, false);
  if (!event.is_object()) return std::nullopt;
  return read_status(object_member(event, "object"));
}

std::optional<ListEnd> read_list_meta_json(std::string_view text) {
  const json meta = json::parse(text, nullptr, false);
  if (!meta.is_object()) return std::nullopt;
  return ListEnd{text_member(meta, "resourceVersion"), text_member(meta, "continue")};
}

}  // namespace lookout::kube
