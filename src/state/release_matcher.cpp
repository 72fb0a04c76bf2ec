#include "lookout/state/release_matcher.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "src/state/chart_versions.hpp"
#include "src/state/version_key.hpp"

namespace lookout::state {
namespace {

// A repository that knows a chart.
struct Candidate {
  const std::string* repository;
  ChartVersions versions;
};
using Candidates = std::vector<Candidate>;  // in the order of the settings

struct Choice {
  const Candidate* candidate = nullptr;
  MatchKind kind = MatchKind::kName;
  const helm::ChartVersion* held = nullptr;  // the installed version; null: not there
};

Choice choose(const Candidates& candidates, const std::optional<helm::Version>& installed,
              const std::string* pinned) {
  const auto held_by = [&](const Candidate& candidate) {
    return installed ? candidate.versions.find(*installed) : nullptr;
  };
  if (pinned != nullptr) {
    const auto at = std::find_if(candidates.begin(), candidates.end(),
                                 [&](const Candidate& c) { return *c.repository == *pinned; });
    if (at == candidates.end()) return {};
    return {&*at, MatchKind::kPin, held_by(*at)};
  }
  for (const Candidate& candidate : candidates) {
    if (const auto* const held = held_by(candidate)) {
      return {&candidate, MatchKind::kVersion, held};
    }
  }
  return {&candidates.front(), MatchKind::kName, nullptr};
}

}  // namespace

std::string_view match_name(MatchKind kind) {
  static constexpr std::array<std::string_view, 3> kNames = {"pin", "version", "name"};
  return kNames[static_cast<std::size_t>(kind)];
}

struct ReleaseMatcher::State {
  void add_charts();
  void add_pins(const std::vector<Pin>& pins);
  const std::string* pinned(const Release& release) const;
  bool is_missing(const Release& release, const Choice& choice) const;

  std::shared_ptr<const RepositorySnapshot> repositories;
  OnceHeld once_held;
  std::map<std::string_view, Candidates> charts = {};  // names live in `repositories`
  std::map<std::string, std::string> chart_pins = {};
  std::map<helm::ReleaseKey, std::string> release_pins = {};
};

void ReleaseMatcher::State::add_charts() {
  for (const RepositoryPtr& repository : *repositories) {
    if (repository->data == nullptr) continue;
    for (const helm::IndexedChart& chart : repository->data->index.charts) {
      if (chart.versions.empty()) continue;
      charts[chart.name].push_back({&repository->name, ChartVersions(chart)});
    }
  }
}

void ReleaseMatcher::State::add_pins(const std::vector<Pin>& pins) {
  for (const Pin& pin : pins) {
    if (pin.chart.empty()) {
      release_pins.try_emplace({pin.ns, pin.release}, pin.repository);
    } else {
      chart_pins.try_emplace(pin.chart, pin.repository);
    }
  }
}

const std::string* ReleaseMatcher::State::pinned(const Release& release) const {
  if (const auto at = release_pins.find(release.key); at != release_pins.end()) return &at->second;
  if (const auto at = chart_pins.find(release.chart); at != chart_pins.end()) return &at->second;
  return nullptr;
}

bool ReleaseMatcher::State::is_missing(const Release& release, const Choice& choice) const {
  if (choice.held != nullptr) return false;
  // Another repository may be the one that the chart came from.
  return choice.kind == MatchKind::kPin ||
         once_held(*choice.candidate->repository, release.chart, release.chart_version);
}

ReleaseMatcher::ReleaseMatcher(std::shared_ptr<const RepositorySnapshot> repositories,
                               std::vector<Pin> pins, OnceHeld once_held) {
  auto state = std::make_unique<State>(State{std::move(repositories), std::move(once_held)});
  state->add_charts();
  state->add_pins(pins);
  state_ = std::move(state);
}
ReleaseMatcher::~ReleaseMatcher() = default;

std::optional<ReleaseMatch> ReleaseMatcher::match(const Release& release) const {
  if (!release.has_chart_metadata) return std::nullopt;
  const auto candidates = state_->charts.find(release.chart);
  if (candidates == state_->charts.end()) return std::nullopt;
  const auto installed = parse_installed(release.chart_version);
  const Choice choice = choose(candidates->second, installed, state_->pinned(release));
  if (choice.candidate == nullptr) return std::nullopt;
  const helm::IndexedChart& chart = choice.candidate->versions.chart();
  ReleaseMatch match;
  match.repository = *choice.candidate->repository;
  match.kind = choice.kind;
  if (const auto* const latest = latest_stable(chart)) match.latest_version = latest->text;
  match.chart_deprecated = release.chart_deprecated || newest(chart).deprecated ||
                           (choice.held != nullptr && choice.held->deprecated);
  match.comparable = installed.has_value();
  if (!installed) return match;
  match.versions_behind = choice.candidate->versions.newer_than(*installed);
  match.outdated = match.versions_behind > 0;
  match.chart_missing = state_->is_missing(release, choice);
  return match;
}

}  // namespace lookout::state
