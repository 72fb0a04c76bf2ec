#include "test/model/helm_history.hpp"

#include <algorithm>

namespace lookout::model {

std::string label_of(const fakes::Object& object, const std::string& key) {
  for (const auto& [name, value] : object.labels) {
    if (name == key) return value;
  }
  return "";
}

bool is_pending(const std::string& status) {
  return status.starts_with("pending-");
}

HelmHistory helm_history(const fakes::ObjectStore& store, const PayloadBook& book,
                         fakes::Resource resource, const std::string& ns,
                         const std::string& release) {
  HelmHistory out;
  for (const ObjectPtr& object : store.list(resource, ns).objects) {
    const bool typed =
        resource != fakes::Resource::kSecrets || object->type == "helm.sh/release.v1";
    if (!typed || label_of(*object, "owner") != "helm" || label_of(*object, "name") != release) {
      continue;
    }
    const Payload& payload = book.read(*object);
    if (!payload.damage) out.push_back({object, payload, label_of(*object, "status")});
  }
  std::stable_sort(out.begin(), out.end(), [](const HistoryEntry& a, const HistoryEntry& b) {
    return a.revision() < b.revision();
  });
  return out;
}

const HistoryEntry* deployed(const HelmHistory& history) {
  const auto at = std::find_if(history.rbegin(), history.rend(), [](const HistoryEntry& entry) {
    return entry.label_status == "deployed";
  });
  return at == history.rend() ? nullptr : &*at;
}

std::string object_name(const std::string& release, std::uint32_t revision) {
  return "sh.helm.release.v1." + release + ".v" + std::to_string(revision);
}

}  // namespace lookout::model
