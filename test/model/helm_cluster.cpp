#include "test/model/helm_cluster.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lookout::model {
namespace {

constexpr std::array<std::string_view, 6> kSystemLabels = {"createdAt", "modifiedAt", "name",
                                                           "owner",     "status",     "version"};
constexpr std::int64_t kOperationSeconds = 60;

std::string outcome_status(Outcome outcome) {
  return outcome == Outcome::kDeployed ? "deployed" : "failed";
}

void set_label(fakes::Labels& labels, const std::string& key, const std::string& value) {
  for (auto& [name, old] : labels) {
    if (name == key) {
      old = value;
      return;
    }
  }
  labels.emplace_back(key, value);
}

Payload chart_of(const Operation& operation) {
  Payload out;
  out.style = operation.style;
  out.release = operation.release;
  out.ns = operation.ns;
  out.chart = operation.chart;
  out.chart_version = operation.chart_version;
  out.app_version = operation.app_version;
  return out;
}

}  // namespace

fakes::Labels user_labels(const fakes::Object& object) {
  fakes::Labels out;
  for (const auto& label : object.labels) {
    if (std::find(kSystemLabels.begin(), kSystemLabels.end(), label.first) == kSystemLabels.end()) {
      out.push_back(label);
    }
  }
  return out;
}

void HelmCluster::apply(const Operation& operation) {
  now_seconds_ += kOperationSeconds;
  switch (operation.verb) {
    case Verb::kInstall: return install(operation);
    case Verb::kUpgrade: return upgrade(operation);
    case Verb::kRollback: return rollback(operation);
    case Verb::kUninstall: return uninstall(operation);
    case Verb::kCopy: return copy(operation);
    case Verb::kCreateForeign: return create_foreign(operation);
    case Verb::kDeleteNamespace: return delete_namespace(operation.ns);
    default: return change_object(operation);
  }
}

HelmHistory HelmCluster::history(const Operation& operation) const {
  return helm_history(store_, book_, resource_, operation.ns, operation.release);
}

// --- what Helm writes ---

void HelmCluster::write(const Payload& payload, const fakes::Labels& labels,
                        const std::string& time_label) {
  fakes::Object object;
  object.resource = resource_;
  object.ns = payload.ns;
  object.name = object_name(payload.release, payload.revision);
  object.labels = labels;
  set_label(object.labels, time_label, std::to_string(now_seconds_));
  set_label(object.labels, "name", payload.release);
  set_label(object.labels, "owner", "helm");
  set_label(object.labels, "status", payload.status);
  set_label(object.labels, "version", std::to_string(payload.revision));
  object.value = book_.write(payload);
  object.created_seconds = now_seconds_;
  store_.put(std::move(object));
}

void HelmCluster::create(const Payload& payload, const fakes::Labels& labels) {
  write(payload, labels, "createdAt");
}

// Helm addresses what it rewrites by the payload's name and revision: of a copy, the original.
void HelmCluster::set_status(const HistoryEntry& entry, const std::string& status) {
  Payload payload = entry.payload;
  payload.ns = entry.object->ns;
  payload.status = status;
  const std::string name = object_name(payload.release, payload.revision);
  if (store_.find({resource_, payload.ns, name}) == nullptr) return;
  write(payload, user_labels(*entry.object), "modifiedAt");
}

void HelmCluster::remove(const fakes::Object& object) {
  store_.remove({object.resource, object.ns, object.name});
}

// As storage.Create: the oldest go first, never the deployed one.
void HelmCluster::prune(const Operation& operation) {
  if (operation.history_max == 0) return;
  const HelmHistory all = history(operation);
  const HistoryEntry* const kept = deployed(all);
  std::size_t left = all.size();
  for (const HistoryEntry& entry : all) {
    if (left < operation.history_max) return;
    if (kept != nullptr && entry.revision() == kept->revision()) continue;
    store_.remove(
        {resource_, entry.object->ns, object_name(entry.payload.release, entry.payload.revision)});
    --left;
  }
}

void HelmCluster::add_revision(const Operation& operation, Payload payload,
                               const fakes::Labels& labels) {
  const std::string name = object_name(payload.release, payload.revision);
  if (store_.find({resource_, payload.ns, name}) != nullptr) return;  // "already exists"
  prune(operation);
  create(payload, labels);
  if (operation.outcome == Outcome::kPending) return;
  const HelmHistory all = history(operation);
  // A failed upgrade leaves what was deployed as it is.
  const bool supersedes =
      operation.outcome == Outcome::kDeployed || operation.verb == Verb::kRollback;
  for (const HistoryEntry& entry : all) {
    if (supersedes && entry.label_status == "deployed") set_status(entry, "superseded");
  }
  payload.status = outcome_status(operation.outcome);
  write(payload, labels, "modifiedAt");
}

void HelmCluster::install(const Operation& operation) {
  const HelmHistory all = history(operation);
  if (!all.empty() && !operation.replace) return;
  Payload payload = chart_of(operation);
  payload.revision = all.empty() ? 1 : all.back().revision() + 1;
  payload.status = "pending-install";
  payload.first_deployed_seconds = payload.last_deployed_seconds = now_seconds_;
  if (!all.empty()) set_status(all.back(), "superseded");
  add_revision(operation, payload, operation.labels);
}

void HelmCluster::upgrade(const Operation& operation) {
  const HelmHistory all = history(operation);
  if (all.empty() || is_pending(all.back().payload.status)) return;
  Payload payload = chart_of(operation);
  payload.revision = all.back().revision() + 1;
  payload.status = "pending-upgrade";
  payload.first_deployed_seconds = all.back().payload.first_deployed_seconds;
  payload.last_deployed_seconds = now_seconds_;
  add_revision(operation, payload, operation.labels);
}

void HelmCluster::rollback(const Operation& operation) {
  const HelmHistory all = history(operation);
  const auto target = std::find_if(all.begin(), all.end(), [&](const HistoryEntry& entry) {
    return entry.revision() == operation.revision;
  });
  if (target == all.end()) return;
  Payload payload = target->payload;
  payload.ns = operation.ns;
  payload.revision = all.back().revision() + 1;
  payload.status = "pending-rollback";
  payload.first_deployed_seconds = all.back().payload.first_deployed_seconds;
  payload.last_deployed_seconds = now_seconds_;
  add_revision(operation, payload, user_labels(*target->object));
}

void HelmCluster::uninstall(const Operation& operation) {
  const HelmHistory all = history(operation);
  if (all.empty()) return;
  set_status(all.back(), "uninstalling");
  if (operation.keep_history) {
    set_status(all.back(), "uninstalled");
    return;
  }
  for (const HistoryEntry& entry : all) {
    store_.remove(
        {resource_, entry.object->ns, object_name(entry.payload.release, entry.payload.revision)});
  }
}

// --- what people do with kubectl ---

void HelmCluster::change_object(const Operation& operation) {
  const ObjectPtr old = store_.find({resource_, operation.ns, operation.object});
  if (old == nullptr) return;
  fakes::Object changed = *old;
  if (operation.verb == Verb::kSetLabel) {
    set_label(changed.labels, operation.label, operation.value);
  } else if (operation.verb == Verb::kRemoveLabel) {
    std::erase_if(changed.labels,
                  [&](const auto& label) { return label.first == operation.label; });
  } else if (operation.verb == Verb::kCorrupt) {
    changed.value = book_.spoil(old, operation.damage);
  } else if (operation.verb == Verb::kRepair) {
    changed.value = book_.unspoiled(*old);
    if (changed.value == nullptr) return;
  } else {
    remove(*old);
    if (operation.verb == Verb::kDelete) return;
    changed.uid.clear();
  }
  store_.put(std::move(changed));
}

void HelmCluster::copy(const Operation& operation) {
  const ObjectPtr original = store_.find({resource_, operation.ns, operation.object});
  const ObjectKey to{resource_, operation.to_ns, operation.to_object};
  if (original == nullptr || store_.find(to) != nullptr) return;
  fakes::Object copied = *original;
  copied.ns = to.ns;
  copied.name = to.name;
  copied.uid.clear();
  store_.put(std::move(copied));
}

void HelmCluster::create_foreign(const Operation& operation) {
  if (store_.find({resource_, operation.ns, operation.object}) != nullptr) return;
  Payload payload;
  payload.ns = operation.ns;
  payload.release = operation.release;
  payload.status = "deployed";
  fakes::Object object;
  object.resource = resource_;
  object.ns = operation.ns;
  object.name = operation.object;
  object.labels = {{"name", operation.release}, {"status", "deployed"}, {"version", "1"}};
  if (operation.foreign != Foreign::kNoOwner) object.labels.emplace_back("owner", "helm");
  if (operation.foreign == Foreign::kOtherType) object.type = "Opaque";
  object.value = book_.write(payload);
  object.created_seconds = now_seconds_;
  store_.put(std::move(object));
}

// In the order of the keys: v1, v10, v11, v2.
void HelmCluster::delete_namespace(const std::string& ns) {
  for (const ObjectPtr& object : store_.list(resource_, ns).objects) remove(*object);
}

}  // namespace lookout::model
