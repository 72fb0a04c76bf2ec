#include "src/helm/index_reader.hpp"

#include <utility>

#include "lookout/encoding/time.hpp"

namespace lookout::helm {
namespace {

// Go's zero time.Time, 0001-01-01T00:00:00Z: "none" to Helm.
constexpr std::int64_t kZeroTimeSeconds = -62'135'596'800;

}  // namespace

IndexFailure index_failure(IndexDefect defect, std::string message) {
  const bool large = defect == IndexDefect::kTooLarge || defect == IndexDefect::kAliases;
  return {defect, Error{large ? ErrorCode::kTooLarge : ErrorCode::kMalformed, std::move(message)}};
}

bool IndexReader::fail(IndexDefect defect, std::string message) {
  failure_ = index_failure(defect, std::move(message));
  return false;
}

const IndexNode& IndexReader::slot() const {
  if (depth_ == 0) return index_schema();
  const Frame& around = frames_[depth_ - 1];
  if (around.member != nullptr) return *around.member;
  return around.node->element != nullptr ? *around.node->element : untyped_node();
}

bool IndexReader::within_limits() {
  if (failure_) return false;
  if (charts_.size() <= limits_.entries_max) return true;
  return fail(IndexDefect::kTooLarge,
              "more than " + std::to_string(limits_.entries_max) + " entries");
}

bool IndexReader::fits(const IndexNode& node, const IndexScalar& value) const {
  using Kind = IndexScalar::Kind;
  switch (node.shape) {
    case IndexShape::kAny: return value.kind != Kind::kConflict;
    case IndexShape::kText:
      if (format_ == IndexFormat::kYaml) return value.kind != Kind::kConflict;
      return value.kind == Kind::kString;
    case IndexShape::kString: return value.kind == Kind::kString;
    case IndexShape::kBool: return value.kind == Kind::kBool;
    case IndexShape::kTime: return true;  // or else a bad date
    default: return false;
  }
}

bool IndexReader::scalar(const IndexScalar& value) {
  if (value.text.size() > limits_.scalar_bytes_max) {
    return fail(IndexDefect::kTooLarge,
                "a scalar of more than " + std::to_string(limits_.scalar_bytes_max) + " bytes");
  }
  const IndexNode& node = slot();
  if (value.kind == IndexScalar::Kind::kNull) {
    null(node.role);
  } else if (!fits(node, value)) {
    wrong_type(node.role);
  } else if (node.role != IndexRole::kNone) {
    store(node.role, value);
  }
  return within_limits();
}

void IndexReader::null(IndexRole role) {
  if (role == IndexRole::kEntry) charts_.skip_entry(SkippedEntry::kNull);
  if (role == IndexRole::kNode && entry_) entry_->bad_node = true;
  if (role == IndexRole::kEntries) has_entries_ = true;
}

void IndexReader::wrong_type(IndexRole role) {
  if (entry_) return entry_->refuse(SkippedEntry::kBadType);
  if (role == IndexRole::kEntry) charts_.skip_entry(SkippedEntry::kBadType);
  if (role == IndexRole::kChart) charts_.skip_chart();
  if (role == IndexRole::kEntries) {
    fail(IndexDefect::kNotAnIndex, "not a chart repository index: entries is no mapping");
  }
}

// encoding/json reads the keys of YAML in the order of their bytes: of two that fold to one
// field the greater counts, whatever the file's order.
bool IndexReader::overruled(IndexRole role) {
  if (format_ == IndexFormat::kJson || role == IndexRole::kAlias) return false;
  int& last = key_orders_[static_cast<std::size_t>(role)];
  const int order = top().key_order;
  if (order < last) return true;
  last = order;
  return false;
}

void IndexReader::store(IndexRole role, const IndexScalar& value) {
  if (role == IndexRole::kIndexApiVersion) has_api_version_ = !value.text.empty();
  if (!entry_ || overruled(role)) return;
  switch (role) {
    case IndexRole::kName: entry_->name = value.text; break;
    case IndexRole::kVersion: entry_->version = value.text; break;
    case IndexRole::kAppVersion: entry_->app_version = value.text; break;
    case IndexRole::kType: entry_->type = value.text; break;
    case IndexRole::kDescription: entry_->about.description = value.text; break;
    case IndexRole::kIcon: entry_->about.icon = value.text; break;
    case IndexRole::kDeprecated: entry_->deprecated = value.truth; break;
    case IndexRole::kCreated:
      if (value.kind != IndexScalar::Kind::kString) return entry_->refuse(SkippedEntry::kBadDate);
      return store_created(value.text);
    case IndexRole::kAlias:
      if (!is_dependency_alias(value.text)) entry_->bad_node = true;
      break;
    default: break;
  }
}

void IndexReader::store_created(std::string_view text) {
  const auto seconds = encoding::parse_rfc3339(text);
  if (!seconds) return entry_->refuse(SkippedEntry::kBadDate);
  entry_->created_seconds.reset();
  if (*seconds != kZeroTimeSeconds) entry_->created_seconds = seconds;
}

bool IndexReader::key(std::string_view name) {
  Frame& frame = top();
  if (frame.node->role == IndexRole::kEntries) {
    charts_.open(name, format_ == IndexFormat::kYaml ? IndexCharts::Again::kSkip
                                                     : IndexCharts::Again::kReplace);
    return within_limits();
  }
  if (format_ == IndexFormat::kYaml && !frame.keys.insert(name) && entry_) {
    entry_->refuse(SkippedEntry::kDuplicateKey);
  }
  if (frame.keys.size() > limits_.entries_max) {
    return fail(IndexDefect::kTooLarge,
                "a mapping of more than " + std::to_string(limits_.entries_max) + " keys");
  }
  if (frame.node->shape != IndexShape::kStruct) return true;
  const IndexField* const field = find_field(*frame.node, name);
  frame.member = field == nullptr ? frame.node->element : field->node;
  if (frame.member == nullptr) frame.member = &untyped_node();
  const int order = field == nullptr ? 0 : name.compare(field->name);
  frame.key_order = order < 0 ? -1 : order > 0;
  return true;
}

bool IndexReader::unusable_key() {
  Frame& frame = top();
  if (frame.node->role == IndexRole::kEntries) {
    charts_.open_unnamed();
    return within_limits();
  }
  wrong_type(IndexRole::kNone);
  if (frame.node->shape == IndexShape::kStruct) frame.member = &untyped_node();
  return true;
}

bool IndexReader::enter(IndexShape container) {
  if (depth_ >= limits_.depth_max) {
    return fail(IndexDefect::kTooLarge, "nested deeper than " + std::to_string(limits_.depth_max));
  }
  const IndexNode& node = slot();
  const bool fits_here = container == IndexShape::kList
                             ? node.shape == IndexShape::kList
                             : node.shape == IndexShape::kStruct || node.shape == IndexShape::kMap;
  if (!fits_here && node.shape != IndexShape::kAny) wrong_type(node.role);
  if (fits_here && node.role == IndexRole::kDocument) is_mapping_ = true;
  if (fits_here && node.role == IndexRole::kEntries) has_entries_ = true;
  if (fits_here && node.role == IndexRole::kEntry) {
    entry_.emplace();
    key_orders_.fill(-1);
  }
  if (depth_ == frames_.size()) frames_.emplace_back();
  Frame& frame = frames_[depth_++];
  frame.node = fits_here ? &node : &untyped_node();
  frame.member = nullptr;
  frame.key_order = 0;
  frame.keys.clear();
  return !failure_;
}

bool IndexReader::end() {
  const IndexRole left = frames_[--depth_].node->role;
  if (left == IndexRole::kEntry) {
    charts_.add(*entry_);
    entry_.reset();
  }
  if (left == IndexRole::kChart) charts_.close();
  return within_limits();
}

IndexOutcome IndexReader::finish() {
  if (!is_mapping_) {
    return index_failure(IndexDefect::kNotAnIndex, "not a chart repository index: no mapping");
  }
  if (!has_api_version_) {
    return index_failure(IndexDefect::kNotAnIndex,
                         has_entries_ ? "not a chart repository index: apiVersion is missing"
                                      : "not a chart repository index: neither apiVersion nor "
                                        "entries");
  }
  return charts_.take();
}

}  // namespace lookout::helm
