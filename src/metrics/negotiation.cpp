#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <vector>

#include "lookout/base/text.hpp"
#include "lookout/metrics/exposition.hpp"

namespace lookout::metrics {
namespace {

// Real clients send six at most; the server bounds the header itself.
constexpr std::size_t kRangesMax = 64;

// One element of Accept or Accept-Encoding (RFC 9110 sections 12.5.1 and 12.5.3).
struct Range {
  std::string name;  // lower case: "text/plain", "gzip", "*"
  std::optional<std::string> version;
  unsigned quality_thousandths = 1000;
};

// A weight that is none counts as if it were not there.
unsigned parse_quality(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 1000;
  if (text.size() > 1 && text[1] != '.') return 1000;
  std::string digits(text.substr(0, 1));
  digits += text.size() > 2 ? text.substr(2) : "";
  digits.resize(4, '0');
  return std::min(parse_number<unsigned>(digits).value_or(1000), 1000U);
}

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

Range parse_range(std::string_view element) {
  const auto parts = split(element, ';');
  Range range;
  range.name = to_lower(trim(parts[0]));
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t equals = parts[i].find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = trim(parts[i].substr(0, equals));
    const std::string_view value = unquoted(trim(parts[i].substr(equals + 1)));
    if (equals_ignoring_case(key, "q")) range.quality_thousandths = parse_quality(value);
    if (equals_ignoring_case(key, "version")) range.version = std::string(value);
  }
  return range;
}

std::vector<Range> parse_ranges(std::string_view header) {
  std::vector<Range> ranges;
  for (const std::string_view element : split(header, ',')) {
    if (ranges.size() == kRangesMax) break;
    if (!trim(element).empty()) ranges.push_back(parse_range(element));
  }
  return ranges;
}

// How much the client wants one of our formats: quality first, then how plainly it said so.
struct Wish {
  unsigned quality_thousandths = 0;
  int precision = 0;  // 3: type and version, 2: type, 1: "text/*", 0: "*/*"

  auto operator<=>(const Wish&) const = default;
};

struct Offer {
  std::string_view media_type;
  std::string_view any_subtype;
  std::array<std::string_view, 2> versions;
};
constexpr Offer kText = {"text/plain", "text/*", {"0.0.4", "0.0.4"}};
constexpr Offer kOpenMetrics = {
    "application/openmetrics-text", "application/*", {"1.0.0", "0.0.1"}};

std::optional<int> precision(const Range& range, const Offer& offer) {
  if (range.name == offer.media_type) {
    if (!range.version) return 2;
    const auto& known = offer.versions;
    if (std::find(known.begin(), known.end(), *range.version) == known.end()) return std::nullopt;
    return 3;
  }
  if (range.name == offer.any_subtype) return 1;
  if (range.name == "*/*") return 0;
  return std::nullopt;
}

// The most precise range decides, among equals the best.
Wish wish_for(const std::vector<Range>& ranges, const Offer& offer) {
  std::optional<Wish> wish;
  for (const Range& range : ranges) {
    const auto how = precision(range, offer);
    if (!how) continue;
    const Wish candidate{range.quality_thousandths, *how};
    if (!wish || candidate.precision > wish->precision ||
        (candidate.precision == wish->precision && wish < candidate)) {
      wish = candidate;
    }
  }
  return wish.value_or(Wish{});
}

// Of the first of `names` that the client mentions, "*" included.
unsigned coding_quality(const std::vector<Range>& ranges,
                        std::initializer_list<std::string_view> names, unsigned otherwise) {
  for (const std::string_view name : names) {
    const auto named = std::find_if(ranges.begin(), ranges.end(),
                                    [&](const Range& range) { return range.name == name; });
    if (named != ranges.end()) return named->quality_thousandths;
  }
  return otherwise;
}

}  // namespace

TextFormat negotiate_format(const std::string* accept) {
  if (accept == nullptr) return TextFormat::kText004;
  const std::vector<Range> ranges = parse_ranges(*accept);
  const Wish open_metrics = wish_for(ranges, kOpenMetrics);
  // Only those who name OpenMetrics read it.
  const bool named = open_metrics.precision >= 2 && open_metrics.quality_thousandths > 0;
  return named && wish_for(ranges, kText) < open_metrics ? TextFormat::kOpenMetrics100
                                                         : TextFormat::kText004;
}

ContentCoding negotiate_coding(const std::string* accept_encoding) {
  if (accept_encoding == nullptr) return ContentCoding::kIdentity;
  const std::vector<Range> ranges = parse_ranges(*accept_encoding);
  const unsigned gzip = coding_quality(ranges, {"gzip", "x-gzip", "*"}, 0);
  // Not named, identity is the last resort.
  const unsigned identity = coding_quality(ranges, {"identity", "*"}, 1);
  return gzip > 0 && gzip >= identity ? ContentCoding::kGzip : ContentCoding::kIdentity;
}

std::string_view content_type(TextFormat format) {
  return format == TextFormat::kOpenMetrics100
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

}  // namespace lookout::metrics
