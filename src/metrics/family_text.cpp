#include "src/metrics/label_text.hpp"
#include "src/metrics/self_families.hpp"

namespace lookout::metrics {
namespace {

// Label values of our own metrics are short or bounded where they are made.
constexpr std::size_t kLabelBytesMax = 1024;

FamilyType family_type(prometheus::MetricType type) {
  if (type == prometheus::MetricType::Counter) return FamilyType::kCounter;
  if (type == prometheus::MetricType::Histogram) return FamilyType::kHistogram;
  return FamilyType::kGauge;
}

// One family's lines, all beginning with its name.
class SampleLines {
 public:
  SampleLines(std::string& out, std::string_view name) : out_(out), name_(name) {}

  void open(std::string_view suffix, const Labels& labels) {
    out_ += name_;
    out_ += suffix;
    first_ = true;
    for (const auto& label : labels) {
      append_separator();
      out_ += label.name;
      out_ += "=\"";
      append_label_value(out_, label.value, kLabelBytesMax);
      out_ += '"';
    }
  }
  void add_bound(double bound) {
    append_separator();
    out_ += "le=\"";
    append_bound(out_, bound);
    out_ += '"';
  }
  void close(double value) {
    out_ += first_ ? " " : "} ";
    append_number(out_, value);
    out_ += '\n';
  }

 private:
  void append_separator() {
    out_ += first_ ? '{' : ',';
    first_ = false;
  }

  std::string& out_;
  const std::string_view name_;
  bool first_ = true;
};

void append_histogram(SampleLines& lines, const prometheus::ClientMetric& metric) {
  for (const auto& bucket : metric.histogram.bucket) {
    lines.open("_bucket", metric.label);
    lines.add_bound(bucket.upper_bound);
    lines.close(static_cast<double>(bucket.cumulative_count));
  }
  lines.open("_sum", metric.label);
  lines.close(metric.histogram.sample_sum);
  lines.open("_count", metric.label);
  lines.close(static_cast<double>(metric.histogram.sample_count));
}

}  // namespace

void append_families(std::string& out, const std::vector<prometheus::MetricFamily>& families,
                     TextFormat format) {
  for (const prometheus::MetricFamily& family : families) {
    const FamilyType type = family_type(family.type);
    append_head(out, {family.name, family.help, type}, format);
    SampleLines lines(out, family.name);
    for (const prometheus::ClientMetric& metric : family.metric) {
      if (type == FamilyType::kHistogram) {
        append_histogram(lines, metric);
        continue;
      }
      lines.open("", metric.label);
      lines.close(type == FamilyType::kCounter ? metric.counter.value : metric.gauge.value);
    }
  }
}

}  // namespace lookout::metrics
