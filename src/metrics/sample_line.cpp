#include "src/metrics/sample_line.hpp"

#include <limits>

#include "src/metrics/label_text.hpp"

namespace lookout::metrics {

void append_label(std::string& out, std::string_view name, std::string_view value,
                  const LabelRules& rules) {
  if (!out.empty() && out.back() == '"') out += ',';
  out += name;
  out += "=\"";
  if (append_label_value(out, value, rules.bytes_max) == LabelCut::kCut && rules.cuts) {
    rules.cuts->add();
  }
  out += '"';
}

void append_histogram(std::string& out, std::string_view name, std::string_view labels,
                      const Histogram::Snapshot& histogram) {
  const std::string prefix(name);
  const std::size_t bounds = histogram.upper_bounds.size();
  for (std::size_t i = 0; i <= bounds; ++i) {
    std::string bucket(labels);
    bucket += ",le=\"";
    append_bound(bucket,
                 i < bounds ? histogram.upper_bounds[i] : std::numeric_limits<double>::infinity());
    bucket += '"';
    append_sample(out, prefix + "_bucket", bucket, histogram.cumulative[i]);
  }
  append_sample(out, prefix + "_sum", labels, histogram.sum);
  append_sample(out, prefix + "_count", labels, histogram.cumulative.back());
}

}  // namespace lookout::metrics
