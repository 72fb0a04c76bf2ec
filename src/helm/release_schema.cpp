#include "src/helm/release_schema.hpp"

#include <algorithm>
#include <cstddef>

namespace lookout::helm {
namespace {

constexpr Schema kAny{Shape::kAny};
constexpr Schema kNull{Shape::kNull};
constexpr Schema kString{Shape::kString};
constexpr Schema kBool{Shape::kBool};
constexpr Schema kInt{Shape::kInt};
constexpr Schema kByte{Shape::kByte};
constexpr Schema kBytes{Shape::kBytes, {}, &kByte};
constexpr Schema kHelmTime{Shape::kHelmTime};
constexpr Schema kGoTime{Shape::kGoTime};
constexpr Schema kStrings{Shape::kList, {}, &kString};
constexpr Schema kStringMap{Shape::kMap, {}, &kString};
constexpr Schema kAnyList{Shape::kList, {}, &kAny};
constexpr Schema kAnyMap{Shape::kMap, {}, &kAny};
constexpr Schema kNullList{Shape::kList, {}, &kNull};
constexpr Schema kResources{Shape::kMap, {}, &kNullList};

constexpr SchemaField kMaintainerFields[] = {
    {"name", &kString}, {"email", &kString}, {"url", &kString}};
constexpr Schema kMaintainer{Shape::kStruct, kMaintainerFields};
constexpr Schema kMaintainers{Shape::kList, {}, &kMaintainer};

constexpr SchemaField kDependencyFields[] = {{"name", &kString},           {"version", &kString},
                                             {"repository", &kString},     {"condition", &kString},
                                             {"tags", &kStrings},          {"enabled", &kBool},
                                             {"import-values", &kAnyList}, {"alias", &kString}};
constexpr Schema kDependency{Shape::kStruct, kDependencyFields};
constexpr Schema kDependencies{Shape::kList, {}, &kDependency};

constexpr SchemaField kMetadataFields[] = {{"name", &kString, Fact::kChartName},
                                           {"home", &kString},
                                           {"sources", &kStrings},
                                           {"version", &kString, Fact::kChartVersion},
                                           {"description", &kString},
                                           {"keywords", &kStrings},
                                           {"maintainers", &kMaintainers},
                                           {"icon", &kString},
                                           {"apiVersion", &kString},
                                           {"condition", &kString},
                                           {"tags", &kString},
                                           {"appVersion", &kString, Fact::kAppVersion},
                                           {"deprecated", &kBool, Fact::kDeprecated},
                                           {"annotations", &kStringMap},
                                           {"kubeVersion", &kString},
                                           {"dependencies", &kDependencies},
                                           {"type", &kString}};
constexpr Schema kMetadata{Shape::kStruct, kMetadataFields};

constexpr SchemaField kLockFields[] = {
    {"generated", &kGoTime}, {"digest", &kString}, {"dependencies", &kDependencies}};
constexpr Schema kLock{Shape::kStruct, kLockFields};

constexpr SchemaField kFileFields[] = {{"name", &kString}, {"data", &kBytes}};
constexpr Schema kFile{Shape::kStruct, kFileFields};
constexpr Schema kFiles{Shape::kList, {}, &kFile};

constexpr SchemaField kChartFields[] = {{"metadata", &kMetadata, Fact::kMetadata},
                                        {"lock", &kLock},
                                        {"templates", &kFiles},
                                        {"values", &kAnyMap},
                                        {"schema", &kBytes},
                                        {"files", &kFiles}};
constexpr Schema kChart{Shape::kStruct, kChartFields};

constexpr SchemaField kInfoFields[] = {{"first_deployed", &kHelmTime, Fact::kFirstDeployed},
                                       {"last_deployed", &kHelmTime, Fact::kLastDeployed},
                                       {"deleted", &kHelmTime},
                                       {"description", &kString},
                                       {"status", &kString, Fact::kStatus},
                                       {"notes", &kString},
                                       {"resources", &kResources}};
constexpr Schema kInfo{Shape::kStruct, kInfoFields};

constexpr SchemaField kLastRunFields[] = {
    {"started_at", &kHelmTime}, {"completed_at", &kHelmTime}, {"phase", &kString}};
constexpr Schema kLastRun{Shape::kStruct, kLastRunFields};

constexpr SchemaField kHookFields[] = {{"name", &kString},
                                       {"kind", &kString},
                                       {"path", &kString},
                                       {"manifest", &kString},
                                       {"events", &kStrings},
                                       {"last_run", &kLastRun},
                                       {"weight", &kInt},
                                       {"delete_policies", &kStrings},
                                       {"output_log_policies", &kStrings}};
constexpr Schema kHook{Shape::kStruct, kHookFields};
constexpr Schema kHooks{Shape::kList, {}, &kHook};

constexpr SchemaField kReleaseFields[] = {
    {"name", &kString},   {"info", &kInfo, Fact::kInfo}, {"chart", &kChart, Fact::kChart},
    {"config", &kAnyMap}, {"manifest", &kString},        {"hooks", &kHooks},
    {"version", &kInt},   {"namespace", &kString}};
constexpr Schema kRelease{Shape::kStruct, kReleaseFields};

constexpr char kNoFold = '\0';

// The front character of `text` in lower case, taken off; kNoFold when no ASCII letter, digit or
// sign folds to it.
char take_folded(std::string_view& text) {
  static constexpr std::string_view kLongS = "\u017f";
  static constexpr std::string_view kKelvin = "\u212a";
  for (const auto& [folds, to] : {std::pair{kLongS, 's'}, std::pair{kKelvin, 'k'}}) {
    if (!text.starts_with(folds)) continue;
    text.remove_prefix(folds.size());
    return to;
  }
  const char c = text.front();
  text.remove_prefix(1);
  if (static_cast<unsigned char>(c) >= 0x80) return kNoFold;
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

const Schema& release_schema() {
  return kRelease;
}

bool equals_folded(std::string_view name, std::string_view key) {
  while (!name.empty() && !key.empty()) {
    if (take_folded(name) != take_folded(key)) return false;
  }
  return name.empty() && key.empty();
}

const SchemaField* find_field(const Schema& schema, std::string_view key) {
  const auto& fields = schema.fields;
  auto found = std::find_if(fields.begin(), fields.end(),
                            [key](const SchemaField& field) { return field.name == key; });
  if (found == fields.end()) {
    found = std::find_if(fields.begin(), fields.end(), [key](const SchemaField& field) {
      return equals_folded(field.name, key);
    });
  }
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace lookout::helm
