#include "test/model/samples.hpp"

#include <cstdlib>
#include <optional>

#include "lookout/base/text.hpp"

namespace lookout::model {
namespace {

// One sample line: family, labels in braces, value.
class LineReader {
 public:
  explicit LineReader(std::string_view line) : rest_(line) {}

  std::optional<std::pair<Sample, double>> read() {
    Sample sample;
    sample.family = take_until("{ ");
    if (take('{') && !read_labels(sample.labels)) return std::nullopt;
    if (!take(' ') || rest_.empty()) return std::nullopt;
    const std::string number(rest_);
    char* end = nullptr;
    const double value = std::strtod(number.c_str(), &end);
    if (*end != '\0') return std::nullopt;
    return std::pair(std::move(sample), value);
  }

 private:
  std::string take_until(std::string_view ends) {
    const std::size_t size = std::min(rest_.find_first_of(ends), rest_.size());
    std::string out(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return out;
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::optional<std::string> read_value() {
    std::string out;
    while (!rest_.empty() && !take('"')) {
      if (take('\\')) {
        if (rest_.empty()) return std::nullopt;
        out += rest_.front() == 'n' ? '\n' : rest_.front();
      } else {
        out += rest_.front();
      }
      rest_.remove_prefix(1);
    }
    return out;
  }
  bool read_labels(SampleLabels& labels) {
    while (!take('}')) {
      const std::string name = take_until("=}");
      if (!take('=') || !take('"')) return false;
      auto value = read_value();
      if (!value || !labels.try_emplace(name, std::move(*value)).second) return false;
      take(',');
    }
    return true;
  }

  std::string_view rest_;
};

}  // namespace

std::string text_of(const Sample& sample) {
  std::string out = sample.family + "{";
  for (const auto& [name, value] : sample.labels) {
    if (out.back() != '{') out += ',';
    out += name + "=\"" + value + "\"";
  }
  return out + "}";
}

Scrape parse_exposition(std::string_view text) {
  Scrape out;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const auto sample = LineReader(line).read();
    if (!sample) {
      out.faults.push_back("no sample: " + std::string(line));
    } else if (!out.samples.insert(*sample).second) {
      out.faults.push_back("twice: " + std::string(line));
    }
  }
  return out;
}

Samples with_prefix(const Samples& samples, std::string_view prefix) {
  Samples out;
  for (const auto& sample : samples) {
    if (sample.first.family.starts_with(prefix)) out.insert(sample);
  }
  return out;
}

double value_of(const Samples& samples, const Sample& sample) {
  const auto at = samples.find(sample);
  return at == samples.end() ? 0 : at->second;
}

}  // namespace lookout::model
