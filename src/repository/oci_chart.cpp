#include "src/repository/oci_chart.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace lookout::repository {
namespace {

bool is_newer(const OciVersion& a, const OciVersion& b) {
  const auto order = helm::compare_precedence(a.tag.version, b.tag.version);
  return order != 0 ? order > 0 : a.tag.tag > b.tag.tag;
}

// Moves what is known of the same tags.
void keep_known(std::vector<OciVersion>& known, std::vector<OciVersion>& fresh) {
  std::map<std::string_view, OciVersion*> by_tag;
  for (OciVersion& version : known) by_tag.emplace(version.tag.tag, &version);
  for (OciVersion& version : fresh) {
    const auto found = by_tag.find(version.tag.tag);
    if (found == by_tag.end()) continue;
    version.findings = std::move(found->second->findings);
    version.asked_in_scan = found->second->asked_in_scan;
  }
}

bool same_tags(const std::vector<OciVersion>& a, const std::vector<OciVersion>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.tag.tag == y.tag.tag; });
}

helm::ChartVersion to_chart_version(const OciVersion& known) {
  return {.text = known.tag.text,
          .version = known.tag.version,
          .app_version = known.findings.facts.app_version,
          .created_seconds = known.findings.facts.created_seconds,
          .deprecated = known.findings.facts.deprecated};
}

}  // namespace

OciChart::OciChart(std::string repository)
    : name_(repository.substr(repository.rfind('/') + 1)), repository_(std::move(repository)) {}

bool OciChart::merge(const std::vector<std::string>& tags) {
  std::vector<OciVersion> fresh;
  for (const std::string& tag : tags) {
    if (std::optional<ChartTag> parsed = parse_chart_tag(tag)) {
      fresh.push_back({.tag = std::move(*parsed)});
    }
  }
  std::sort(fresh.begin(), fresh.end(), is_newer);
  const auto twice = std::unique(fresh.begin(), fresh.end(), [](const auto& a, const auto& b) {
    return a.tag.tag == b.tag.tag;
  });
  fresh.erase(twice, fresh.end());
  if (same_tags(fresh, versions_)) return false;
  keep_known(versions_, fresh);
  versions_ = std::move(fresh);
  return true;
}

void OciChart::describe(const OciVersion& version, helm::ChartAbout about) {
  for (const OciVersion& higher : versions_) {
    if (&higher == &version) break;
    if (higher.tag.tag == described_by_) return;
  }
  about_ = std::move(about);
  described_by_ = version.tag.tag;
}

std::vector<OciErrand> unread_versions(std::vector<OciChart>& charts, std::size_t max) {
  struct Ranked {
    OciErrand errand;
    std::size_t rank = 0;
  };
  std::vector<Ranked> ranked;
  for (OciChart& chart : charts) {
    std::size_t rank = 0;
    for (OciVersion& version : chart.versions()) {
      if (version.findings.reading == OciReading::kUnread) {
        ranked.push_back({{&chart, &version}, rank++});
      }
    }
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
    const auto key = [](const Ranked& r) {
      return std::pair(r.errand.version->asked_in_scan, r.rank);
    };
    return key(a) < key(b);
  });
  std::vector<OciErrand> errands;
  for (const Ranked& each : ranked) {
    if (errands.size() < max) errands.push_back(each.errand);
  }
  return errands;
}

std::vector<OciErrand> due_versions(std::vector<OciChart>& charts, std::uint64_t scan,
                                    std::size_t max) {
  std::vector<std::pair<std::uint64_t, OciErrand>> waiting;
  for (OciChart& chart : charts) {
    for (OciVersion& version : chart.versions()) {
      if (version.findings.reading == OciReading::kUnread) continue;
      const bool newest = &version == &chart.versions().front();
      const std::uint64_t waited = (scan - version.asked_in_scan) * (newest ? kOciRecheckScans : 1);
      if (waited >= kOciRecheckScans) waiting.push_back({waited, {&chart, &version}});
    }
  }
  std::stable_sort(waiting.begin(), waiting.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<OciErrand> errands;
  for (const auto& [waited, errand] : waiting) {
    if (errands.size() < max) errands.push_back(errand);
  }
  return errands;
}

helm::ChartIndex make_index(const std::vector<OciChart>& charts) {
  struct Named {
    const helm::ChartAbout* about = nullptr;
    std::vector<helm::ChartVersion> versions;
  };
  std::map<std::string, Named> by_name;
  for (const OciChart& chart : charts) {
    for (const OciVersion& version : chart.versions()) {
      if (version.findings.reading == OciReading::kNoChart) continue;
      Named& named = by_name[chart.name()];
      if (named.about == nullptr) named.about = &chart.about();
      named.versions.push_back(to_chart_version(version));
    }
  }
  helm::ChartIndex index;
  for (auto& [name, named] : by_name) {
    index.charts.push_back(helm::make_indexed_chart(name, std::move(named.versions)));
    index.charts.back().about = *named.about;
  }
  return index;
}

}  // namespace lookout::repository
