#include "src/state/stored_release.hpp"

#include <algorithm>
#include <array>

#include "lookout/base/text.hpp"

namespace lookout::state {
namespace {

// What Helm writes itself (pkg/storage/driver/secrets.go): none of them is a user's.
constexpr std::array<std::string_view, 6> kSystemLabels = {"createdAt", "modifiedAt", "name",
                                                           "owner",     "status",     "version"};
// Helm's default history holds ten revisions: grow by one up to here, so that no release
// pays for capacity that it never uses.
constexpr std::size_t kExactGrowthMax = 16;

bool is_allowed(const std::string& key, const std::vector<std::string>& allow_list) {
  if (std::find(kSystemLabels.begin(), kSystemLabels.end(), key) != kSystemLabels.end()) {
    return false;
  }
  return std::any_of(allow_list.begin(), allow_list.end(),
                     [&](const std::string& allowed) { return allowed == "*" || allowed == key; });
}

std::int64_t modified_seconds(const helm::SecretMeta& object) {
  for (const std::string_view key : {"modifiedAt", "createdAt"}) {
    const std::string* const text = object.label(key);
    if (text == nullptr) continue;
    if (const auto seconds = parse_number<std::int64_t>(*text)) return *seconds;
  }
  return 0;
}

std::optional<helm::Revision> deployed_revision(const std::vector<StoredRevision>& revisions) {
  const auto deployed = std::find_if(revisions.rbegin(), revisions.rend(), [](const auto& stored) {
    return stored.status == helm::Status::kDeployed;
  });
  if (deployed == revisions.rend()) return std::nullopt;
  return deployed->revision;
}

void fill_from_facts(Release& release, const StoredFacts& facts) {
  release.payload_read = true;
  if (const auto* reason = std::get_if<helm::Undecodable>(&facts.outcome)) {
    release.undecodable = *reason;
    if (*reason != helm::Undecodable::kNoReleaseKey) release.storage_bytes = facts.storage_bytes;
    return;
  }
  const auto& read = std::get<helm::ReleaseFacts>(facts.outcome);
  release.storage_bytes = facts.storage_bytes;
  if (read.status) release.status = *read.status;
  release.has_chart_metadata = read.has_chart_metadata;
  release.chart = read.chart;
  release.chart_version = read.chart_version;
  release.app_version = read.app_version;
  release.chart_deprecated = read.deprecated;
  release.updated_seconds = read.last_deployed_seconds;
  release.first_deployed_seconds = read.first_deployed_seconds;
}

auto position(std::vector<StoredRevision>& revisions, helm::Revision revision) {
  return std::lower_bound(
      revisions.begin(), revisions.end(), revision,
      [](const StoredRevision& stored, helm::Revision wanted) { return stored.revision < wanted; });
}

}  // namespace

UserLabels allowed_labels(const helm::SecretMeta& object,
                          const std::vector<std::string>& allow_list) {
  UserLabels labels;
  if (allow_list.empty()) return labels;
  for (const auto& label : object.labels) {
    if (is_allowed(label.first, allow_list)) labels.push_back(label);
  }
  std::sort(labels.begin(), labels.end());
  if (labels.size() > kUserLabelsMax) labels.resize(kUserLabelsMax);
  return labels;
}

StoredRevision to_stored(const helm::SecretMeta& object, helm::Revision revision,
                         const std::vector<std::string>& allow_list) {
  StoredRevision stored;
  stored.uid = parse_uid(object.uid);
  stored.resource_version = parse_resource_version(object.resource_version);
  stored.modified_seconds = modified_seconds(object);
  stored.revision = revision;
  if (const std::string* const status = object.label("status")) {
    stored.status = helm::parse_status(*status).value_or(helm::Status::kUnknown);
  }
  UserLabels labels = allowed_labels(object, allow_list);
  if (!labels.empty()) stored.labels = std::make_unique<const UserLabels>(std::move(labels));
  return stored;
}

StoredRevision* StoredRelease::find(helm::Revision revision) {
  const auto at = position(revisions, revision);
  return at != revisions.end() && at->revision == revision ? &*at : nullptr;
}

void StoredRelease::put(StoredRevision revision) {
  if (StoredRevision* const stored = find(revision.revision)) {
    *stored = std::move(revision);
    return;
  }
  if (revisions.size() < kExactGrowthMax) revisions.reserve(revisions.size() + 1);
  revisions.insert(position(revisions, revision.revision), std::move(revision));
}

void StoredRelease::remove(helm::Revision revision) {
  if (const auto at = position(revisions, revision);
      at != revisions.end() && at->revision == revision) {
    revisions.erase(at);
  }
}

bool StoredRelease::facts_match() const {
  return facts != nullptr && facts->uid == current().uid &&
         facts->resource_version == current().resource_version;
}

void StoredRelease::forget_stale_facts() {
  if (facts == nullptr) return;
  const bool stale = revisions.empty() || !(facts->uid == current().uid) ||
                     facts->resource_version < current().resource_version;
  if (stale) facts.reset();
}

Release StoredRelease::to_release(bool payloads) const {
  const StoredRevision& stored = current();
  Release release;
  release.key = key();
  release.revision = stored.revision;
  release.deployed_revision = deployed_revision(revisions);
  release.revisions = static_cast<std::uint32_t>(revisions.size());
  release.status = stored.status;
  if (stored.labels != nullptr) release.labels = *stored.labels;
  if (facts != nullptr) fill_from_facts(release, *facts);
  if (!payloads) {
    release.has_chart_metadata = true;
    if (stored.modified_seconds != 0) release.updated_seconds = stored.modified_seconds;
  }
  return release;
}

}  // namespace lookout::state
