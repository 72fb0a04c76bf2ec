#include "src/metrics/repository_text.hpp"

#include <algorithm>
#include <utility>

namespace lookout::metrics {

RepositoryText::RepositoryText(LabelRules rules)
    : rules_(rules), scans_(repository_families().size()) {}

bool RepositoryText::Charts::shows(const state::Repository& repository) const {
  return index == repository.data && name == repository.name && type == repository.type;
}

RepositoryText::Charts RepositoryText::render_charts(const state::Repository& repository,
                                                     Charts* before, std::size_t& segments) const {
  Charts charts{repository.name, repository.type, repository.data, {}};
  const RenderedRepository rendered(repository, rules_, ChangesWith::kData);
  for (std::size_t i = 0; i < repository_families().size(); ++i) {
    const RepositoryFamily& family = repository_families()[i];
    const bool known = repository.data != nullptr;
    std::string text;
    if (known && family.changes_with == ChangesWith::kData) family.render(rendered, text);
    const bool same = before != nullptr && before->families[i].text() == text;
    if (!same && !text.empty()) ++segments;
    charts.families.push_back(same ? std::move(before->families[i]) : Segment(std::move(text)));
  }
  return charts;
}

std::size_t RepositoryText::update_charts(const state::RepositorySnapshot& repositories) {
  const bool same = std::equal(
      charts_.begin(), charts_.end(), repositories.begin(), repositories.end(),
      [](const Charts& charts, const state::RepositoryPtr& r) { return charts.shows(*r); });
  if (same) return 0;
  std::size_t segments = 0;
  std::vector<Charts> all;
  for (const state::RepositoryPtr& repository : repositories) {
    const auto at = std::find_if(charts_.begin(), charts_.end(), [&](const Charts& charts) {
      return charts.name == repository->name;
    });
    Charts* const before = at == charts_.end() ? nullptr : &*at;
    const bool still = before != nullptr && before->shows(*repository);
    all.push_back(still ? std::move(*before) : render_charts(*repository, before, segments));
  }
  charts_ = std::move(all);
  return segments;
}

std::size_t RepositoryText::update_scans(const state::RepositorySnapshot& repositories) {
  // Rendered at every scrape: a value that is cut would be counted each time.
  const LabelRules rules{rules_.bytes_max, nullptr};
  std::vector<std::string> texts(scans_.size());
  for (const state::RepositoryPtr& repository : repositories) {
    const RenderedRepository rendered(*repository, rules, ChangesWith::kScan);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const RepositoryFamily& family = repository_families()[i];
      if (family.changes_with == ChangesWith::kScan) family.render(rendered, texts[i]);
    }
  }
  std::size_t segments = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i] == scans_[i].text()) continue;
    scans_[i] = Segment(std::move(texts[i]));
    ++segments;
  }
  return segments;
}

std::size_t RepositoryText::render(const state::RepositorySnapshot& repositories) {
  return update_charts(repositories) + update_scans(repositories);
}

void RepositoryText::append_to(Body& body, TextFormat format) {
  for (std::size_t i = 0; i < scans_.size(); ++i) {
    std::vector<Segment*> segments = {&scans_[i]};
    for (Charts& charts : charts_) segments.push_back(&charts.families[i]);
    families_.append(body, repository_families()[i].head, segments, format);
  }
}

}  // namespace lookout::metrics
