// The families of releases: a row {name, help, type, pure render function} each, in the
// order in which /metrics writes them. Adding a family is adding a row here and one to
// docs/metrics.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lookout/state/release_join.hpp"

#include "src/metrics/sample_line.hpp"

namespace lookout::metrics {

// One release with the label text that all its samples share.
struct RenderedRelease {
  RenderedRelease(const state::Release& r, const LabelRules& l,
                  const state::ReleaseMatch* m = nullptr);

  const state::Release& release;
  const LabelRules& rules;
  const state::ReleaseMatch* match;  // null: no repository knows the chart
  std::string identity;              // name="...",namespace="..."
};

struct ReleaseFamily {
  FamilyHead head;
  // Appends the family's sample lines for one release, or none.
  void (*render)(const RenderedRelease& release, std::string& out);
};
// Those of the join included.
std::span<const ReleaseFamily> release_families();

// helm_release_errors, whose samples are namespaces.
const FamilyHead& errors_family();
void render_errors(std::string_view ns, std::uint64_t errors, const LabelRules& rules,
                   std::string& out);

}  // namespace lookout::metrics
