// Every repository as text. What its index says is rendered when the index changes; the few
// lines that change with each scan are rendered each time and keep their segment while their
// text stays the same.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "lookout/metrics/exposition.hpp"
#include "lookout/state/repository.hpp"

#include "src/metrics/family_body.hpp"
#include "src/metrics/repository_families.hpp"

namespace lookout::metrics {

// Not thread-safe.
class RepositoryText {
 public:
  explicit RepositoryText(LabelRules rules);

  // Returns how many segments have other text than before.
  std::size_t render(const state::RepositorySnapshot& repositories);
  // Of the last render(), in the order of the settings within a family.
  void append_to(Body& body, TextFormat format);

 private:
  // One repository's segments of the families that change with its index.
  struct Charts {
    std::string name;
    std::string type;
    std::shared_ptr<const state::RepositoryIndex> index;
    std::vector<Segment> families;

    bool shows(const state::Repository& repository) const;
  };

  // Counts the segments that have other text than `before` in `segments`.
  Charts render_charts(const state::Repository& repository, Charts* before,
                       std::size_t& segments) const;
  std::size_t update_charts(const state::RepositorySnapshot& repositories);
  std::size_t update_scans(const state::RepositorySnapshot& repositories);

  const LabelRules rules_;
  std::vector<Charts> charts_;
  std::vector<Segment> scans_;  // a segment a family, of all repositories
  FamilyBody families_;
};

}  // namespace lookout::metrics
