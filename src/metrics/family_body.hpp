// Families of segments on their way into a body.
#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "src/metrics/segment.hpp"
#include "src/metrics/text_format.hpp"

namespace lookout::metrics {

// Keeps the heads that it has written, with their deflate blocks. Not thread-safe.
class FamilyBody {
 public:
  // A family without samples has no head either.
  void append(Body& body, const FamilyHead& head, const std::vector<Segment*>& segments,
              TextFormat format);

 private:
  std::map<std::pair<std::string_view, TextFormat>, Segment> heads_;  // by family name
};

}  // namespace lookout::metrics
