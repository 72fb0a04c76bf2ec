#include "src/metrics/join_families.hpp"

#include <array>

namespace lookout::metrics {
namespace {

using state::ReleaseMatch;

// Without a version that Helm reads, 0 would say "up to date" of what nobody knows.
const ReleaseMatch* comparable(const RenderedRelease& r) {
  return r.match != nullptr && r.match->comparable ? r.match : nullptr;
}

void append_with_repository(std::string& out, std::string_view name, const RenderedRelease& r,
                            bool value) {
  std::string labels = r.identity;
  append_label(labels, "repository", r.match->repository, r.rules);
  append_sample(out, name, labels, value ? 1 : 0);
}

void render_outdated(const RenderedRelease& r, std::string& out) {
  if (const auto* const match = comparable(r)) {
    append_sample(out, "helm_release_outdated", r.identity, match->outdated ? 1 : 0);
  }
}

void render_versions_behind(const RenderedRelease& r, std::string& out) {
  if (const auto* const match = comparable(r)) {
    append_sample(out, "helm_release_versions_behind", r.identity, match->versions_behind);
  }
}

void render_latest_info(const RenderedRelease& r, std::string& out) {
  if (r.match == nullptr) return;
  std::string labels = r.identity;
  append_label(labels, "repository", r.match->repository, r.rules);
  append_label(labels, "chart", r.release.chart, r.rules);
  append_label(labels, "latest_version", r.match->latest_version, r.rules);
  append_label(labels, "match", state::match_name(r.match->kind), r.rules);
  append_sample(out, "helm_release_latest_info", labels, 1);
}

void render_chart_missing(const RenderedRelease& r, std::string& out) {
  if (const auto* const match = comparable(r)) {
    append_with_repository(out, "helm_release_chart_missing", r, match->chart_missing);
  }
}

void render_chart_deprecated(const RenderedRelease& r, std::string& out) {
  if (r.match == nullptr) return;
  append_with_repository(out, "helm_release_chart_deprecated", r, r.match->chart_deprecated);
}

constexpr std::array kFamilies = {
    ReleaseFamily{{"helm_release_outdated",
                   "Whether the release's repository holds a newer version of its chart"},
                  render_outdated},
    ReleaseFamily{{"helm_release_versions_behind",
                   "Versions of the release's chart that are newer than the installed one"},
                  render_versions_behind},
    ReleaseFamily{{"helm_release_latest_info",
                   "Repository of the release's chart and the latest stable version there"},
                  render_latest_info},
    ReleaseFamily{{"helm_release_chart_missing",
                   "Whether the repository no longer holds the installed chart version"},
                  render_chart_missing},
    ReleaseFamily{{"helm_release_chart_deprecated",
                   "Whether the installed chart version or the newest is deprecated"},
                  render_chart_deprecated},
};

}  // namespace

std::span<const ReleaseFamily> join_families() {
  return kFamilies;
}

}  // namespace lookout::metrics
