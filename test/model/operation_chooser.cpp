#include "test/model/operation_chooser.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "lookout/base/check.hpp"

#include "test/fakes/chart_samples.hpp"

namespace lookout::model {
namespace {

using LabelEdit = std::pair<std::string, std::string>;

// Names that are hard to take apart among them.
const std::vector<std::string> kReleases = {"web",  "web.v1", "my.app", "billing.api.v2",
                                            "db-0", "x",      "db.v10", "sh.helm.release.v1"};
const std::vector<std::string> kStatuses = {
    "deployed", "failed",          "superseded",      "uninstalled",     "uninstalling",
    "unknown",  "pending-install", "pending-upgrade", "pending-rollback"};
const std::vector<LabelEdit> kUserLabels = {
    {"team", "payments"},   {"team", "identity"},    {"app.kubernetes.io/part-of", "shop"},
    {"costCenter", "4711"}, {"cost_center", "0815"}, {"cost-center", ""}};
const std::vector<std::uint32_t> kHistories = {10, 10, 3, 0};
// As the API server would have them; none is that of a release.
const std::vector<std::string> kBadNames = {"sh.helm.release.v1.web.v01",
                                            "sh.helm.release.v1.web.v0", "sh.helm.release.v1.web",
                                            "web.v1", "sh.helm.release.v1.web.v2147483648"};
constexpr std::size_t kAttemptsMax = 10'000;

}  // namespace

Operation OperationChooser::choose() {
  for (std::size_t i = 0; i < kAttemptsMax; ++i) {
    if (auto chosen = (this->*choice(chance_.below(100)))()) return *std::move(chosen);
  }
  LOOKOUT_CHECK(false);  // an install is always possible somewhere
}

OperationChooser::Choice OperationChooser::choice(std::uint64_t dice) {
  struct Row {
    std::uint64_t below;
    Choice choice;
  };
  static constexpr std::array<Row, 12> kRows{{
      {18, &OperationChooser::install},
      {48, &OperationChooser::upgrade},
      {54, &OperationChooser::rollback},
      {61, &OperationChooser::uninstall},
      {69, &OperationChooser::remove_current},
      {73, &OperationChooser::change_object},
      {78, &OperationChooser::copy},
      {87, &OperationChooser::edit_label},
      {92, &OperationChooser::corrupt},
      {95, &OperationChooser::repair},
      {99, &OperationChooser::create_foreign},
      {100, &OperationChooser::delete_namespace},
  }};
  return std::find_if(kRows.begin(), kRows.end(), [&](const Row& row) { return dice < row.below; })
      ->choice;
}

// --- helm ---

Operation OperationChooser::helm_operation(Verb verb) {
  Operation out;
  out.verb = verb;
  out.ns = chance_.pick(options_.namespaces);
  out.release = chance_.pick(kReleases);
  if (!options_.real && verb != Verb::kInstall && !chance_.one_in(4)) {
    // One that is there, for long histories.
    if (const ObjectPtr object = any_object()) {
      out.ns = object->ns;
      out.release = label_of(*object, "name");
    }
  }
  out.history_max = chance_.pick(kHistories);
  const std::uint64_t dice = chance_.below(8);
  out.outcome = dice == 0 ? Outcome::kPending : dice == 1 ? Outcome::kFailed : Outcome::kDeployed;
  return out;
}

void OperationChooser::add_chart(Operation& operation) {
  const fakes::ChartSample& chart = chance_.pick(fakes::chart_samples());
  const fakes::ChartVersionSample& version = chance_.pick(chart.versions);
  operation.chart = chart.name;
  operation.chart_version = version.version;
  operation.app_version = version.app_version;
  if (chance_.one_in(3)) operation.labels.push_back(chance_.pick(kUserLabels));
  if (options_.real) return;
  if (chance_.one_in(3)) {
    operation.style = static_cast<Style>(chance_.below(kStyleCount));
  }
}

HelmHistory OperationChooser::history(const Operation& operation) const {
  return helm_history(store_, book_, resource_, operation.ns, operation.release);
}

bool OperationChooser::has_room(const Operation& operation, std::uint32_t revision) const {
  const std::string name = object_name(operation.release, revision);
  return store_.find({resource_, operation.ns, name}) == nullptr;
}

std::optional<Operation> OperationChooser::install() {
  Operation out = helm_operation(Verb::kInstall);
  add_chart(out);
  const HelmHistory all = history(out);
  if (!all.empty()) {
    const std::string& status = all.back().payload.status;
    if (status != "uninstalled" && status != "failed") return std::nullopt;
    out.replace = true;
  }
  if (!has_room(out, all.empty() ? 1 : all.back().revision() + 1)) return std::nullopt;
  return out;
}

Operation OperationChooser::install_numbered(std::size_t number) {
  Operation out;
  out.ns = options_.namespaces[number % options_.namespaces.size()];
  out.release = "crowd-" + std::to_string(number);
  add_chart(out);
  return out;
}

std::optional<Operation> OperationChooser::upgrade() {
  Operation out = helm_operation(Verb::kUpgrade);
  add_chart(out);
  const HelmHistory all = history(out);
  if (all.empty() || is_pending(all.back().payload.status)) return std::nullopt;
  const std::string& last = all.back().payload.status;
  if (deployed(all) == nullptr && last != "failed" && last != "superseded") return std::nullopt;
  if (!has_room(out, all.back().revision() + 1)) return std::nullopt;
  return out;
}

std::optional<Operation> OperationChooser::rollback() {
  Operation out = helm_operation(Verb::kRollback);
  const HelmHistory all = history(out);
  if (all.size() < 2 || !has_room(out, all.back().revision() + 1)) return std::nullopt;
  const HistoryEntry& target = all[static_cast<std::size_t>(chance_.below(all.size() - 1))];
  out.revision = target.revision();
  // Helm finds it by its name, which a copy's is not.
  if (target.object->name != object_name(out.release, out.revision)) return std::nullopt;
  // No chart fails on demand that did not fail before.
  if (options_.real) out.outcome = Outcome::kDeployed;
  return out;
}

std::optional<Operation> OperationChooser::uninstall() {
  Operation out = helm_operation(Verb::kUninstall);
  const HelmHistory all = history(out);
  if (all.empty() || all.back().payload.status == "uninstalled") return std::nullopt;
  // Copies alone are no release that Helm could remove.
  if (all.back().object->name != object_name(out.release, all.back().revision())) {
    return std::nullopt;
  }
  out.keep_history = chance_.one_in(3);
  return out;
}

// --- kubectl ---

ObjectPtr OperationChooser::any_object() {
  const auto objects = store_.list(resource_, chance_.pick(options_.namespaces)).objects;
  return objects.empty() ? nullptr : chance_.pick(objects);
}

std::optional<Operation> OperationChooser::object_operation(Verb verb, const ObjectPtr& object) {
  if (object == nullptr) return std::nullopt;
  Operation out;
  out.verb = verb;
  out.ns = object->ns;
  out.object = object->name;
  return out;
}

// The usual way to unstick a release.
std::optional<Operation> OperationChooser::remove_current() {
  const HelmHistory all = history(helm_operation(Verb::kUpgrade));
  return object_operation(Verb::kDelete, all.empty() ? nullptr : all.back().object);
}

std::optional<Operation> OperationChooser::change_object() {
  const Verb verb = chance_.one_in(2) ? Verb::kDelete : Verb::kReplace;
  return object_operation(verb, any_object());
}

std::optional<Operation> OperationChooser::copy() {
  auto out = object_operation(Verb::kCopy, any_object());
  if (!out) return std::nullopt;
  out->to_ns = chance_.one_in(2) ? out->ns : chance_.pick(options_.namespaces);
  const auto revision = static_cast<std::uint32_t>(1 + chance_.below(12));
  out->to_object = object_name(chance_.pick(kReleases), revision);
  if (store_.find({resource_, out->to_ns, out->to_object}) != nullptr) return std::nullopt;
  return out;
}

std::optional<Operation> OperationChooser::edit_label() {
  auto out = object_operation(Verb::kSetLabel, any_object());
  if (!out) return std::nullopt;
  switch (chance_.below(6)) {
    case 0:
      out->label = "owner";
      out->value = chance_.one_in(2) ? "helm" : "somebody";
      break;
    case 1:
      out->label = "version";
      out->value = chance_.one_in(2) ? "999" : "latest";
      break;
    case 2:
      out->label = "status";
      out->value = "on-holiday";
      break;
    case 3:
      out->label = "status";
      out->value = chance_.pick(kStatuses);
      break;
    case 4: {
      out->verb = Verb::kRemoveLabel;
      const auto& labels = store_.find({resource_, out->ns, out->object})->labels;
      if (labels.empty()) return std::nullopt;
      out->label = chance_.pick(labels).first;
      break;
    }
    default: std::tie(out->label, out->value) = chance_.pick(kUserLabels);
  }
  return out;
}

std::optional<Operation> OperationChooser::corrupt() {
  const HelmHistory all = history(helm_operation(Verb::kUpgrade));
  const ObjectPtr object = all.empty() || chance_.one_in(4) ? any_object() : all.back().object;
  auto out = object_operation(Verb::kCorrupt, object);
  if (out) out->damage = static_cast<Damage>(chance_.below(kDamageCount));
  return out;
}

std::optional<Operation> OperationChooser::repair() {
  const ObjectPtr object = any_object();
  if (object == nullptr || !book_.read(*object).damage || !book_.unspoiled(*object)) {
    return std::nullopt;
  }
  return object_operation(Verb::kRepair, object);
}

std::optional<Operation> OperationChooser::create_foreign() {
  Operation out;
  out.verb = Verb::kCreateForeign;
  out.ns = chance_.pick(options_.namespaces);
  out.release = chance_.pick(kReleases);
  out.foreign = static_cast<Foreign>(chance_.below(4));
  out.object = object_name(out.release, static_cast<std::uint32_t>(20 + chance_.below(5)));
  if (out.foreign == Foreign::kBadName) out.object = chance_.pick(kBadNames);
  if (out.foreign == Foreign::kOtherFormat) out.object = "sh.helm.release.v2.web.v1";
  if (store_.find({resource_, out.ns, out.object}) != nullptr) return std::nullopt;
  return out;
}

std::optional<Operation> OperationChooser::delete_namespace() {
  Operation out;
  out.verb = Verb::kDeleteNamespace;
  out.ns = chance_.pick(options_.namespaces);
  if (store_.list(resource_, out.ns).objects.empty()) return std::nullopt;
  return out;
}

}  // namespace lookout::model
