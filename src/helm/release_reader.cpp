#include "src/helm/release_reader.hpp"

#include <limits>

#include "lookout/base/check.hpp"
#include "lookout/encoding/base64.hpp"
#include "lookout/encoding/time.hpp"

namespace lookout::helm {
namespace {

constexpr Schema kUntyped{Shape::kAny};
// Go's zero time.Time, 0001-01-01T00:00:00Z: "none" to Helm.
constexpr std::int64_t kZeroTimeSeconds = -62'135'596'800;
// With its quotes it must be among the bytes that a PayloadSource keeps.
constexpr std::size_t kTimeBytesMax = 126;

}  // namespace

ReleaseReader::Slot ReleaseReader::slot() const {
  if (skipped_depth_ != 0) return {&kUntyped};
  if (typed_depth_ == 0) return {&release_schema()};
  const Schema& around = *open_[typed_depth_ - 1].schema;
  return around.shape == Shape::kStruct ? member_ : Slot{around.element};
}

bool ReleaseReader::refuse(Undecodable reason) {
  if (!refused_ || reason != Undecodable::kWrongType) refused_ = reason;
  return false;
}

// Helm's decoder reads on too: damage behind a wrong type is what it reports.
bool ReleaseReader::wrong_type() {
  refuse(Undecodable::kWrongType);
  return mode_ == DecodeMode::kVerify;
}

bool ReleaseReader::null() {
  clear(slot().fact);
  return true;
}

void ReleaseReader::clear(Fact fact) {
  if (fact == Fact::kInfo) {
    has_info_ = false;
    facts_.status.reset();
    facts_.first_deployed_seconds.reset();
    facts_.last_deployed_seconds.reset();
  }
  if (fact == Fact::kChart || fact == Fact::kMetadata) {
    facts_.has_chart_metadata = false;
    facts_.chart.clear();
    facts_.chart_version.clear();
    facts_.app_version.clear();
    facts_.deprecated = false;
  }
}

bool ReleaseReader::boolean(bool value) {
  const Slot at = slot();
  if (at.schema->shape == Shape::kAny) return true;
  if (at.schema->shape != Shape::kBool) return wrong_type();
  if (at.fact == Fact::kDeprecated) facts_.deprecated = value;
  return true;
}

bool ReleaseReader::number_fits(bool fits) {
  source_.start_token();
  if (typed_depth_ + skipped_depth_ == 0) is_number_ = true;
  return fits || slot().schema->shape == Shape::kAny || wrong_type();
}

bool ReleaseReader::negative() {
  return number_fits(slot().schema->shape == Shape::kInt);
}

bool ReleaseReader::unsigned_number(std::uint64_t value) {
  const Shape shape = slot().schema->shape;
  constexpr std::uint64_t kIntMax = std::numeric_limits<std::int64_t>::max();
  return number_fits((shape == Shape::kInt && value <= kIntMax) ||
                     (shape == Shape::kByte && value <= 0xff));
}

bool ReleaseReader::other_number() {
  return number_fits(false);
}

bool ReleaseReader::string(const std::string& value) {
  source_.start_token();
  const Slot at = slot();
  switch (at.schema->shape) {
    case Shape::kAny: return true;
    case Shape::kBytes: return encoding::is_base64(value) || wrong_type();
    case Shape::kHelmTime:
    case Shape::kGoTime: return keep_time(at.fact, value, at.schema->shape);
    case Shape::kString: break;
    default: return wrong_type();
  }
  switch (at.fact) {
    case Fact::kStatus: facts_.status = parse_status(value); return true;
    case Fact::kChartName: return keep(facts_.chart, value);
    case Fact::kChartVersion: return keep(facts_.chart_version, value);
    case Fact::kAppVersion: return keep(facts_.app_version, value);
    default: return true;
  }
}

bool ReleaseReader::keep(std::string& field, const std::string& value) {
  if (value.size() > limits_.string_bytes_max) return refuse(Undecodable::kTooLarge);
  field = value;
  return true;
}

bool ReleaseReader::keep_time(Fact fact, const std::string& value, Shape shape) {
  // Go parses the text between the quotes as it is written: with an escape in it, it is no time.
  const bool is_none = value.empty() && shape == Shape::kHelmTime;
  std::optional<std::int64_t> seconds = encoding::parse_rfc3339(value);
  if (!seconds && !is_none) return wrong_type();
  if (value.size() > kTimeBytesMax) return refuse(Undecodable::kTooLarge);
  const std::string_view raw = source_.last(value.size() + 2);
  if (raw.size() < 2 || raw.substr(1, value.size()) != value || raw.front() != '"') {
    return wrong_type();
  }
  if (is_none) return true;
  if (seconds == kZeroTimeSeconds) seconds.reset();
  if (fact == Fact::kFirstDeployed) facts_.first_deployed_seconds = seconds;
  if (fact == Fact::kLastDeployed) facts_.last_deployed_seconds = seconds;
  return true;
}

bool ReleaseReader::key(const std::string& name) {
  source_.start_token();
  if (skipped_depth_ != 0) return true;
  const Schema& around = *open_[typed_depth_ - 1].schema;
  if (around.shape != Shape::kStruct) return true;
  const SchemaField* const field = find_field(around, name);
  member_ = field == nullptr ? Slot{&kUntyped} : Slot{field->schema, field->fact};
  return true;
}

bool ReleaseReader::enter(Shape container) {
  if (typed_depth_ + skipped_depth_ >= limits_.json_depth_max) {
    return refuse(Undecodable::kBadJson);
  }
  const Slot at = slot();
  const Shape shape = at.schema->shape;
  const bool fits = container == Shape::kList ? shape == Shape::kList || shape == Shape::kBytes
                                              : shape == Shape::kStruct || shape == Shape::kMap;
  if (!fits) {
    ++skipped_depth_;
    return shape == Shape::kAny || wrong_type();
  }
  LOOKOUT_CHECK(typed_depth_ < open_.size());
  open_[typed_depth_++] = at;
  if (at.fact == Fact::kMetadata) facts_.has_chart_metadata = true;
  return true;
}

bool ReleaseReader::leave() {
  if (skipped_depth_ != 0) {
    --skipped_depth_;
    return true;
  }
  const Fact left = open_[--typed_depth_].fact;
  if (left == Fact::kInfo) has_info_ = true;
  stopped_ = mode_ == DecodeMode::kStop && (left == Fact::kInfo || left == Fact::kMetadata) &&
             has_info_ && facts_.has_chart_metadata;
  return !stopped_;
}

bool ReleaseReader::start_object() {
  return enter(Shape::kStruct);
}
bool ReleaseReader::end_object() {
  return leave();
}
bool ReleaseReader::start_array() {
  return enter(Shape::kList);
}
bool ReleaseReader::end_array() {
  return leave();
}

}  // namespace lookout::helm
