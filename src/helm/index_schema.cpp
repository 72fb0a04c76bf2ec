#include "src/helm/index_schema.hpp"

#include <algorithm>

#include "src/helm/release_schema.hpp"

namespace lookout::helm {
namespace {

using Node = IndexNode;
using Shape = IndexShape;
using Role = IndexRole;

constexpr Node kAny{};
constexpr Node kString{Shape::kString};
constexpr Node kText{Shape::kText};
constexpr Node kBool{Shape::kBool};
constexpr Node kStrings{Shape::kList, Role::kNone, {}, &kString};
constexpr Node kTexts{Shape::kList, Role::kNone, {}, &kText};
constexpr Node kAnyList{Shape::kList, Role::kNone, {}, &kAny};

constexpr Node kName{Shape::kString, Role::kName};
constexpr Node kVersion{Shape::kString, Role::kVersion};
constexpr Node kAppVersion{Shape::kString, Role::kAppVersion};
constexpr Node kType{Shape::kString, Role::kType};
constexpr Node kDeprecated{Shape::kBool, Role::kDeprecated};
constexpr Node kCreated{Shape::kTime, Role::kCreated};
constexpr Node kAlias{Shape::kString, Role::kAlias};
constexpr Node kDescription{Shape::kString, Role::kDescription};
constexpr Node kIcon{Shape::kString, Role::kIcon};

constexpr IndexField kMaintainerFields[] = {
    {"name", &kString}, {"email", &kString}, {"url", &kString}};
constexpr Node kMaintainer{Shape::kStruct, Role::kNode, kMaintainerFields};
constexpr Node kMaintainers{Shape::kList, Role::kNone, {}, &kMaintainer};

constexpr IndexField kDependencyFields[] = {{"name", &kString},           {"version", &kString},
                                            {"repository", &kString},     {"condition", &kString},
                                            {"tags", &kStrings},          {"enabled", &kBool},
                                            {"import-values", &kAnyList}, {"alias", &kAlias}};
constexpr Node kDependency{Shape::kStruct, Role::kNode, kDependencyFields};
constexpr Node kDependencies{Shape::kList, Role::kNone, {}, &kDependency};

// map[string]string; sigs.k8s.io/yaml takes it for the struct that embeds it and converts the
// values of keys that are that struct's strings.
constexpr IndexField kAnnotationFields[] = {
    {"name", &kText},       {"home", &kText},        {"version", &kText},   {"description", &kText},
    {"icon", &kText},       {"apiVersion", &kText},  {"condition", &kText}, {"tags", &kText},
    {"appVersion", &kText}, {"kubeVersion", &kText}, {"type", &kText}};
constexpr Node kAnnotations{Shape::kStruct, Role::kNone, kAnnotationFields, &kString};

// In the order in which Helm writes them.
constexpr IndexField kEntryFields[] = {{"annotations", &kAnnotations},
                                       {"apiVersion", &kString},
                                       {"appVersion", &kAppVersion},
                                       {"condition", &kString},
                                       {"created", &kCreated},
                                       {"dependencies", &kDependencies},
                                       {"deprecated", &kDeprecated},
                                       {"description", &kDescription},
                                       {"digest", &kText},
                                       {"home", &kString},
                                       {"icon", &kIcon},
                                       {"keywords", &kStrings},
                                       {"kubeVersion", &kString},
                                       {"maintainers", &kMaintainers},
                                       {"name", &kName},
                                       {"sources", &kStrings},
                                       {"tags", &kString},
                                       {"type", &kType},
                                       {"urls", &kTexts},
                                       {"version", &kVersion},
                                       {"removed", &kBool},
                                       {"checksum", &kText},
                                       {"engine", &kText},
                                       {"tillerVersion", &kText},
                                       {"url", &kText}};
constexpr Node kEntry{Shape::kStruct, Role::kEntry, kEntryFields};
constexpr Node kChart{Shape::kList, Role::kChart, {}, &kEntry};
constexpr Node kEntries{Shape::kMap, Role::kEntries, {}, &kChart};

constexpr Node kIndexApiVersion{Shape::kText, Role::kIndexApiVersion};
constexpr IndexField kIndexFields[] = {{"apiVersion", &kIndexApiVersion}, {"entries", &kEntries}};
constexpr Node kIndex{Shape::kStruct, Role::kDocument, kIndexFields};

}  // namespace

const IndexNode& index_schema() {
  return kIndex;
}

const IndexNode& untyped_node() {
  return kAny;
}

const IndexField* find_field(const IndexNode& node, std::string_view key) {
  const auto& fields = node.fields;
  auto found = std::find_if(fields.begin(), fields.end(),
                            [key](const IndexField& field) { return field.name == key; });
  if (found == fields.end()) {
    found = std::find_if(fields.begin(), fields.end(),
                         [key](const IndexField& field) { return equals_folded(field.name, key); });
  }
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace lookout::helm
