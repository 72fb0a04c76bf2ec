#include "test/fakes/sample_cluster.hpp"

#include <array>

namespace lookout::fakes {
namespace {

constexpr std::array<std::string_view, 8> kNamespaces = {
    "default", "ingress", "monitoring", "databases", "payments", "staging", "identity", "ci"};
constexpr std::array<std::string_view, 5> kPrefixes = {"", "main-", "team-a-", "blue-", "eu-"};
// Helm's default --history-max.
constexpr std::size_t kHistoryMax = 10;
constexpr std::int64_t kDaySeconds = 86'400;

std::string namespace_name(std::size_t index) {
  if (index < kNamespaces.size()) return std::string(kNamespaces[index]);
  return "team-" + std::to_string(index);
}

std::string release_name(std::string_view chart, std::size_t round) {
  if (round < kPrefixes.size()) return std::string(kPrefixes[round]) + std::string(chart);
  return std::string(chart) + "-" + std::to_string(round);
}

std::string line(const ReleaseSpec& spec, const std::string& what) {
  return spec.ns + "/" + spec.name + " revision " + std::to_string(spec.revision) + ": " + what;
}

ObjectKey key_of(const ReleaseSpec& spec) {
  const Object object = release_object(spec);
  return {object.resource, object.ns, object.name};
}

}  // namespace

SampleCluster::SampleCluster(ObjectStore& store, SampleOptions options)
    : store_(store), options_(options), random_(options.seed) {}

std::shared_ptr<const std::string> SampleCluster::payload(const ReleaseSpec& spec) {
  if (!options_.share_payloads) return std::make_shared<const std::string>(release_payload(spec));
  auto& slot = shared_payloads_[std::string(spec.chart.name) + " " +
                                std::string(spec.version.version) + " " + spec.status];
  if (!slot) slot = std::make_shared<const std::string>(release_payload(spec));
  return slot;
}

void SampleCluster::write(const ReleaseSpec& spec) {
  Object object = release_object(spec);
  object.value = payload(spec);
  store_.put(std::move(object));
}

void SampleCluster::set_status(ReleaseSpec& spec, const std::string& status) {
  spec.status = status;
  write(spec);
}

ReleaseSpec SampleCluster::first_revision(std::size_t index, std::int64_t now_seconds) {
  const auto charts = chart_samples();
  ReleaseSpec out;
  out.chart = charts[index % charts.size()];
  out.version = out.chart.versions[random_() % out.chart.versions.size()];
  out.name = release_name(out.chart.name, index / charts.size());
  out.ns = namespace_name(index % options_.namespaces);
  out.first_deployed_seconds =
      now_seconds - static_cast<std::int64_t>(random_() % 200 + 1) * kDaySeconds;
  out.last_deployed_seconds = out.first_deployed_seconds;
  return out;
}

void SampleCluster::install(std::size_t index, std::int64_t now_seconds) {
  Release& release = releases_.emplace_back();
  release.first = first_revision(index, now_seconds);
  const std::size_t revisions =
      options_.revisions > 0 ? options_.revisions : static_cast<std::size_t>(random_() % 5 + 1);
  for (std::size_t i = 1; i <= revisions; ++i) {
    ReleaseSpec spec = release.first;
    spec.revision = static_cast<std::uint32_t>(i);
    spec.status = i < revisions ? "superseded" : "deployed";
    if (i > 1) spec.description = "Upgrade complete";
    spec.last_deployed_seconds += static_cast<std::int64_t>(i) * 3'600;
    write(spec);
    release.revisions.push_back(std::move(spec));
  }
}

void SampleCluster::add_special_releases(std::int64_t now_seconds) {
  ReleaseSpec dotted = first_revision(0, now_seconds);
  dotted.name = "billing.api.v2";
  write(dotted);

  ReleaseSpec broken = first_revision(1, now_seconds);
  broken.name = "half-written";
  Object object = release_object(broken);
  const std::string whole = release_payload(broken);
  object.value = std::make_shared<const std::string>(whole.substr(0, 400));
  store_.put(std::move(object));

  ReleaseSpec stuck = first_revision(2, now_seconds);
  stuck.name = "stuck-upgrade";
  write(stuck);
  stuck.revision = 2;
  stuck.description = "Preparing upgrade";
  set_status(stuck, "pending-upgrade");

  ReleaseSpec failed = first_revision(3, now_seconds);
  failed.name = "failed-upgrade";
  write(failed);
  failed.revision = 2;
  failed.description = "Upgrade \"failed-upgrade\" failed: timed out waiting for the condition";
  set_status(failed, "failed");
}

void SampleCluster::fill(std::int64_t now_seconds) {
  releases_.reserve(options_.releases);
  constexpr std::size_t kSpecialReleases = 4;
  const bool special = options_.releases > 2 * kSpecialReleases && !options_.share_payloads;
  if (special) add_special_releases(now_seconds);
  for (std::size_t i = special ? kSpecialReleases : 0; i < options_.releases; ++i) {
    install(i, now_seconds);
  }
}

std::string SampleCluster::step(std::int64_t now_seconds) {
  if (releases_.empty()) return "nothing to change";
  const std::size_t index = random_() % releases_.size();
  for (const std::size_t other : under_way_) {
    if (random_() % 2 == 0) return advance(other, now_seconds);
  }
  return advance(index, now_seconds);
}

std::string SampleCluster::advance(std::size_t index, std::int64_t now_seconds) {
  Release& release = releases_[index];
  std::string out = release.under_way() ? finish_change(release, now_seconds)
                                        : start_change(release, now_seconds);
  if (release.under_way()) {
    under_way_.insert(index);
  } else {
    under_way_.erase(index);
  }
  return out;
}

std::string SampleCluster::touch(Revisions which, std::int64_t now_seconds) {
  if (releases_.empty()) return "nothing to touch";
  Release& release = releases_[random_() % releases_.size()];
  const std::size_t older = release.revisions.empty() ? 0 : release.revisions.size() - 1;
  if (release.revisions.empty() || (which == Revisions::kHistory && older == 0)) {
    return "nothing to touch in " + release.first.ns + "/" + release.first.name;
  }
  ReleaseSpec& spec = release.revisions[which == Revisions::kCurrent ? older : random_() % older];
  spec.last_deployed_seconds = now_seconds;
  write(spec);
  return line(spec, "written again");
}

SampleCluster::Snapshot SampleCluster::snapshot() const {
  return {store_.snapshot(), releases_, under_way_};
}

void SampleCluster::restore(const Snapshot& snapshot) {
  store_.restore(snapshot.store);
  releases_ = snapshot.releases;
  under_way_ = snapshot.under_way;
}

std::string SampleCluster::start_change(Release& release, std::int64_t now_seconds) {
  if (release.revisions.empty()) {
    ReleaseSpec spec = release.first;
    spec.first_deployed_seconds = spec.last_deployed_seconds = now_seconds;
    write(spec);
    release.revisions = {spec};
    return line(spec, "installed again");
  }
  const std::uint64_t dice = random_() % 10;
  if (dice == 0) {
    release.uninstalling = true;
    set_status(release.revisions.back(), "uninstalling");
    return line(release.revisions.back(), "uninstalling");
  }
  if (dice == 1 && release.revisions.size() > 1) return start_rollback(release, now_seconds);
  return start_upgrade(release, now_seconds);
}

ReleaseSpec& SampleCluster::append_revision(Release& release, const std::string& status,
                                            std::int64_t now_seconds) {
  prune(release);
  ReleaseSpec spec = release.revisions.back();
  ++spec.revision;
  spec.status = status;
  spec.last_deployed_seconds = now_seconds;
  release.pending = spec.revision;
  release.revisions.push_back(std::move(spec));
  return release.revisions.back();
}

std::string SampleCluster::start_upgrade(Release& release, std::int64_t now_seconds) {
  ReleaseSpec& spec = append_revision(release, "pending-upgrade", now_seconds);
  spec.version = spec.chart.versions[random_() % spec.chart.versions.size()];
  spec.description = "Preparing upgrade";
  write(spec);
  return line(spec, "pending-upgrade to " + std::string(spec.version.version));
}

std::string SampleCluster::start_rollback(Release& release, std::int64_t now_seconds) {
  const ReleaseSpec target = release.revisions[release.revisions.size() - 2];
  ReleaseSpec& spec = append_revision(release, "pending-rollback", now_seconds);
  spec.version = target.version;
  spec.description = "Rollback to " + std::to_string(target.revision);
  write(spec);
  return line(spec, "pending-rollback to revision " + std::to_string(target.revision));
}

std::string SampleCluster::finish_change(Release& release, std::int64_t now_seconds) {
  if (release.uninstalling) return finish_uninstall(release);
  release.revisions.back().last_deployed_seconds = now_seconds;
  return finish_upgrade(release);
}

// A failed upgrade leaves the revision before it deployed.
std::string SampleCluster::finish_upgrade(Release& release) {
  ReleaseSpec& spec = release.revisions.back();
  release.pending = 0;
  if (spec.status == "pending-upgrade" && random_() % 6 == 0) {
    spec.description = "Upgrade \"" + spec.name + "\" failed: timed out waiting for the condition";
    set_status(spec, "failed");
    return line(spec, "failed");
  }
  if (spec.status == "pending-upgrade") spec.description = "Upgrade complete";
  for (ReleaseSpec& older : release.revisions) {
    if (older.status == "deployed") set_status(older, "superseded");
  }
  set_status(spec, "deployed");
  return line(spec, "deployed " + std::string(spec.version.version));
}

std::string SampleCluster::finish_uninstall(Release& release) {
  const std::string out = line(release.revisions.back(), "uninstalled");
  for (const ReleaseSpec& spec : release.revisions) store_.remove(key_of(spec));
  release.revisions.clear();
  release.uninstalling = false;
  return out;
}

void SampleCluster::prune(Release& release) {
  while (release.revisions.size() >= kHistoryMax) {
    std::size_t oldest = 0;
    while (release.revisions[oldest].status == "deployed") ++oldest;
    store_.remove(key_of(release.revisions[oldest]));
    release.revisions.erase(release.revisions.begin() + static_cast<std::ptrdiff_t>(oldest));
  }
}

}  // namespace lookout::fakes
