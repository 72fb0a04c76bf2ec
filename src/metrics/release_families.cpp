#include "src/metrics/release_families.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "src/metrics/join_families.hpp"
#include "src/metrics/user_labels.hpp"

namespace lookout::metrics {
namespace {

// Without chart.metadata, as in helm-state-metrics.
constexpr std::string_view kMissing = "MISSING";

template <class N>
void append_plain_sample(std::string& out, std::string_view name, const RenderedRelease& r,
                         N value) {
  append_sample(out, name, r.identity, value);
}

template <class N>
void append_if_known(std::string& out, std::string_view name, const RenderedRelease& r,
                     const std::optional<N>& value) {
  if (value) append_plain_sample(out, name, r, *value);
}

void render_info(const RenderedRelease& r, std::string& out) {
  const auto known = [&](const std::string& text) {
    return r.release.has_chart_metadata ? std::string_view(text) : kMissing;
  };
  out += "helm_release_info{";
  append_label(out, "app_version", known(r.release.app_version), r.rules);
  append_label(out, "chart", known(r.release.chart), r.rules);
  append_label(out, "chart_version", known(r.release.chart_version), r.rules);
  out += ',';
  out += r.identity;
  out += ",revision=\"";
  append_number(out, r.release.revision);
  out += '"';
  append_value(out, 1);
}

void render_revision(const RenderedRelease& r, std::string& out) {
  append_plain_sample(out, "helm_release_revision", r, r.release.revision);
}

// Always there; the other four only while a release is in them.
constexpr std::array kShownStatuses = {
    helm::Status::kDeployed, helm::Status::kFailed, helm::Status::kPendingInstall,
    helm::Status::kPendingRollback, helm::Status::kPendingUpgrade};

void append_status(const RenderedRelease& r, helm::Status status, std::string& out) {
  out += "helm_release_status{";
  out += r.identity;
  out += ",status=\"";
  out += helm::status_name(status);
  out += '"';
  append_value(out, r.release.status == status ? 1 : 0);
}

void render_status(const RenderedRelease& r, std::string& out) {
  bool shown = false;
  for (const helm::Status status : kShownStatuses) {
    append_status(r, status, out);
    shown = shown || status == r.release.status;
  }
  if (!shown) append_status(r, r.release.status, out);
}

void render_updated(const RenderedRelease& r, std::string& out) {
  append_if_known(out, "helm_release_updated", r, r.release.updated_seconds);
}

void render_deployed_revision(const RenderedRelease& r, std::string& out) {
  append_if_known(out, "helm_release_deployed_revision", r, r.release.deployed_revision);
}

void render_revisions(const RenderedRelease& r, std::string& out) {
  append_plain_sample(out, "helm_release_revisions", r, r.release.revisions);
}

void render_first_deployed(const RenderedRelease& r, std::string& out) {
  append_if_known(out, "helm_release_first_deployed_timestamp_seconds", r,
                  r.release.first_deployed_seconds);
}

void render_storage(const RenderedRelease& r, std::string& out) {
  append_if_known(out, "helm_release_storage_bytes", r, r.release.storage_bytes);
}

void render_undecodable(const RenderedRelease& r, std::string& out) {
  if (!r.release.undecodable) return;
  out += "helm_release_undecodable{";
  out += r.identity;
  out += ",revision=\"";
  append_number(out, r.release.revision);
  out += "\",reason=\"";
  out += helm::undecodable_reason(*r.release.undecodable);
  out += '"';
  append_value(out, 1);
}

void render_labels(const RenderedRelease& r, std::string& out) {
  if (r.release.labels.empty()) return;
  const auto names = user_label_names(r.release.labels);
  out += "helm_release_labels{";
  out += r.identity;
  for (std::size_t i = 0; i < names.size(); ++i) {
    append_label(out, names[i], r.release.labels[i].second, r.rules);
  }
  append_value(out, 1);
}

// The help texts of the first four and of helm_release_errors are helm-state-metrics'.
constexpr std::array kFamilies = {
    ReleaseFamily{{"helm_release_info", "Information about helm release"}, render_info},
    ReleaseFamily{{"helm_release_revision", "Currently deployed helm chart revision"},
                  render_revision},
    ReleaseFamily{{"helm_release_status", "Status of a helm release"}, render_status},
    ReleaseFamily{{"helm_release_updated", "Release update Unix time"}, render_updated},
    ReleaseFamily{{"helm_release_deployed_revision",
                   "Highest revision labelled deployed, which may not be the current one"},
                  render_deployed_revision},
    ReleaseFamily{{"helm_release_revisions", "Stored revisions of a helm release"},
                  render_revisions},
    ReleaseFamily{{"helm_release_first_deployed_timestamp_seconds",
                   "Unix time at which the release was first deployed"},
                  render_first_deployed},
    ReleaseFamily{
        {"helm_release_storage_bytes", "Stored bytes of the current revision, of at most 1048576"},
        render_storage},
    ReleaseFamily{{"helm_release_undecodable",
                   "Current revisions whose payload cannot be decoded, by reason"},
                  render_undecodable},
    ReleaseFamily{{"helm_release_labels",
                   "Allowed user labels of the current revision, as Prometheus labels"},
                  render_labels},
};

constexpr FamilyHead kErrors = {"helm_release_errors",
                                "Errors occurred during metrics generation per namespace",
                                FamilyType::kCounter};

}  // namespace

RenderedRelease::RenderedRelease(const state::Release& r, const LabelRules& l,
                                 const state::ReleaseMatch* m)
    : release(r), rules(l), match(m) {
  append_label(identity, "name", release.key.name, rules);
  append_label(identity, "namespace", release.key.ns, rules);
}

std::span<const ReleaseFamily> release_families() {
  static const std::vector<ReleaseFamily> kAll = [] {
    std::vector<ReleaseFamily> all(kFamilies.begin(), kFamilies.end());
    all.insert(all.end(), join_families().begin(), join_families().end());
    return all;
  }();
  return kAll;
}

const FamilyHead& errors_family() {
  return kErrors;
}

void render_errors(std::string_view ns, std::uint64_t errors, const LabelRules& rules,
                   std::string& out) {
  out += "helm_release_errors{";
  append_label(out, "namespace", ns, rules);
  append_value(out, errors);
}

}  // namespace lookout::metrics
