#include "test/integration/truth.hpp"

#include "test/fakes/selector.hpp"

namespace lookout::integration {
namespace {

bool is_user_label(const std::string& key) {
  return key != "name" && key != "owner" && key != "status" && key != "version" &&
         key != "createdAt" && key != "modifiedAt";
}

void add_object(Truth& truth,
                std::map<std::pair<std::string, std::string>, helm::Revision>& highest,
                const fakes::Object& object) {
  const helm::ParsedName parsed = helm::parse_storage_name(object.name);
  if (!parsed.name) return;
  const std::pair<std::string, std::string> key(object.ns, parsed.name->release);
  ReleaseTruth& release = truth[key];
  ++release.revisions;
  if (parsed.name->revision < highest[key]) return;
  highest[key] = parsed.name->revision;
  release.object_name = object.name;
  release.uid = object.uid;
  release.resource_version = object.resource_version;
  release.user_labels.clear();
  for (const auto& [label, value] : object.labels) {
    if (label == "status") release.status = value;
    if (is_user_label(label)) release.user_labels.emplace(label, value);
  }
}

}  // namespace

Truth truth_of(const fakes::ObjectStore& store, kube::StorageDriver driver) {
  const bool secrets = driver == kube::StorageDriver::kSecret;
  const auto selector =
      fakes::Selector::parse("owner=helm", secrets ? "type=helm.sh/release.v1" : "");
  Truth out;
  std::map<std::pair<std::string, std::string>, helm::Revision> highest;
  const auto resource = secrets ? fakes::Resource::kSecrets : fakes::Resource::kConfigMaps;
  for (const fakes::ObjectPtr& object : store.list(resource, "").objects) {
    if (selector->matches(*object)) add_object(out, highest, *object);
  }
  return out;
}

Truth truth_of(state::ReleaseCache& cache, MonoTime now) {
  Truth out;
  for (const state::WantedPayload& wanted :
       cache.all_wanted_payloads(static_cast<std::size_t>(-1))) {
    ReleaseTruth& release = out[{wanted.key.ns, wanted.key.name}];
    release.object_name = wanted.object_name;
    release.uid = wanted.uid;
    release.resource_version = wanted.resource_version;
  }
  for (const state::ReleasePtr& published : cache.snapshot(now)) {
    ReleaseTruth& release = out[{published->key.ns, published->key.name}];
    release.status = helm::status_name(published->status);
    release.revisions = published->revisions;
    release.user_labels = {published->labels.begin(), published->labels.end()};
  }
  return out;
}

}  // namespace lookout::integration
