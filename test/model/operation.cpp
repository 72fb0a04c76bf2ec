#include "test/model/operation.hpp"

#include <array>
#include <string_view>

#include "test/fakes/json_text.hpp"

namespace lookout::model {
namespace {

constexpr std::array<std::string_view, 13> kVerbs = {
    "install", "upgrade",        "rollback",        "uninstall",    "delete",
    "replace", "copy",           "set_label",       "remove_label", "corrupt",
    "repair",  "create_foreign", "delete_namespace"};
constexpr std::array<std::string_view, 3> kOutcomes = {"deployed", "failed", "pending"};
constexpr std::array<std::string_view, kStyleCount> kStyles = {
    "helm3",   "helm4",    "uncompressed",   "no_metadata",
    "no_info", "no_times", "no_app_version", "odd_status"};
constexpr std::array<std::string_view, 4> kForeigns = {"other_type", "no_owner", "bad_name",
                                                       "other_format"};

template <std::size_t N, class E>
std::string_view name_of(const std::array<std::string_view, N>& names, E value) {
  return names[static_cast<std::size_t>(value)];
}

class JsonLine {
 public:
  void add(std::string_view key, std::string_view value) {
    if (!value.empty()) add_raw(key, fakes::quoted(value));
  }
  void add_raw(std::string_view key, std::string_view json) {
    text_ += text_.empty() ? '{' : ',';
    text_ += fakes::quoted(key) + ":" + std::string(json);
  }
  std::string finish() { return text_ + "}"; }

 private:
  std::string text_;
};

void add_chart(JsonLine& line, const Operation& operation) {
  line.add("chart", operation.chart);
  line.add("chart_version", operation.chart_version);
  line.add("app_version", operation.app_version);
  if (!operation.labels.empty()) {
    JsonLine labels;
    for (const auto& [key, value] : operation.labels) labels.add_raw(key, fakes::quoted(value));
    line.add_raw("labels", labels.finish());
  }
  if (operation.style != Style::kHelm3) line.add("payload", name_of(kStyles, operation.style));
}

void add_helm(JsonLine& line, const Operation& operation) {
  line.add("release", operation.release);
  const bool installs = operation.verb == Verb::kInstall;
  if (installs || operation.verb == Verb::kUpgrade) add_chart(line, operation);
  if (operation.verb == Verb::kUninstall) {
    line.add_raw("keep_history", operation.keep_history ? "true" : "false");
    return;
  }
  if (installs) {
    line.add_raw("replace", operation.replace ? "true" : "false");
  } else {
    line.add_raw("history_max", std::to_string(operation.history_max));
  }
  if (operation.verb == Verb::kRollback) {
    line.add_raw("revision", std::to_string(operation.revision));
  }
  line.add("outcome", name_of(kOutcomes, operation.outcome));
}

void add_kubectl(JsonLine& line, const Operation& operation) {
  line.add("object", operation.object);
  line.add("release", operation.release);
  line.add("to_namespace", operation.to_ns);
  line.add("to_object", operation.to_object);
  line.add("label", operation.label);
  if (operation.verb == Verb::kSetLabel) line.add_raw("value", fakes::quoted(operation.value));
  if (operation.verb == Verb::kCorrupt) line.add("damage", damage_name(operation.damage));
  if (operation.verb == Verb::kCreateForeign)
    line.add("foreign", name_of(kForeigns, operation.foreign));
}

}  // namespace

std::string to_json(const Operation& operation) {
  JsonLine line;
  line.add("op", name_of(kVerbs, operation.verb));
  line.add("namespace", operation.ns);
  if (operation.verb <= Verb::kUninstall) {
    add_helm(line, operation);
  } else {
    add_kubectl(line, operation);
  }
  return line.finish();
}

}  // namespace lookout::model
