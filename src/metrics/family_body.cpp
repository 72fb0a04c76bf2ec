#include "src/metrics/family_body.hpp"

#include <algorithm>
#include <string>

namespace lookout::metrics {

void FamilyBody::append(Body& body, const FamilyHead& head, const std::vector<Segment*>& segments,
                        TextFormat format) {
  const bool empty = std::all_of(segments.begin(), segments.end(),
                                 [](const Segment* segment) { return segment->empty(); });
  if (empty) return;
  const auto [at, added] = heads_.try_emplace({head.name, format});
  if (added) {
    std::string text;
    append_head(text, head, format);
    at->second = Segment(std::move(text));
  }
  body.append(at->second);
  for (Segment* const segment : segments) body.append(*segment);
}

}  // namespace lookout::metrics
