#include "lookout/encoding/yaml.hpp"

#include <yaml.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "lookout/base/check.hpp"
#include "lookout/base/text.hpp"

namespace lookout::encoding {
namespace {

Error error_at(ErrorCode code, std::size_t line, const std::string& what) {
  return {code, "line " + std::to_string(line) + ": " + what};
}

// Frees each event of libyaml when the next one is read.
class EventStream {
 public:
  explicit EventStream(std::string_view text) {
    LOOKOUT_CHECK(yaml_parser_initialize(&parser_) == 1);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~EventStream() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  Result<void> next() {
    yaml_event_delete(&event_);
    if (yaml_parser_parse(&parser_, &event_) == 1) return {};
    event_ = yaml_event_t{};
    const std::size_t line = std::max(parser_.problem_mark.line, parser_.context_mark.line) + 1;
    // Constant texts of libyaml, nothing from the input.
    return error_at(ErrorCode::kMalformed, line,
                    parser_.problem != nullptr ? parser_.problem : "not YAML");
  }

  const yaml_event_t& event() const { return event_; }
  std::size_t line() const { return event_.start_mark.line + 1; }

 private:
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

std::string text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string() : reinterpret_cast<const char*>(text);
}

bool reads_as_null(std::string_view text) {
  constexpr std::array<std::string_view, 5> nulls = {"", "~", "null", "Null", "NULL"};
  return std::find(nulls.begin(), nulls.end(), text) != nulls.end();
}

Yaml scalar_of(const yaml_event_t& event) {
  const auto& scalar = event.data.scalar;
  Yaml value;
  value.scalar.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
  value.quoted =
      scalar.style != YAML_PLAIN_SCALAR_STYLE || text_of(scalar.tag) == YAML_STR_TAG;
  value.kind = !value.quoted && reads_as_null(value.scalar) ? Yaml::Kind::kNull
                                                            : Yaml::Kind::kScalar;
  return value;
}

// What copying a value costs, so that aliases cannot blow up a small document.
struct Cost {
  std::size_t nodes = 1;
  std::size_t bytes = 0;
  std::size_t depth = 1;

  void add(const Cost& child) {
    nodes += child.nodes;
    bytes += child.bytes;
    depth = std::max(depth, child.depth + 1);
  }
};

struct Counted {
  Yaml value;
  Cost cost;
};

using Members = std::vector<std::pair<std::string, Yaml>>;

// A mapping while its members are read.
struct OpenMapping {
  Counted& into;
  std::vector<std::size_t> key_lines;  // one a member
  Members merged;                      // of `<<`, each name once
  std::set<std::string> merged_names;
};

class Reader {
 public:
  Reader(std::string_view text, const YamlLimits& limits) : stream_(text), limits_(limits) {}

  Result<Yaml> first_document();

 private:
  // The value that the current event begins, up to its last event.
  Result<Counted> value(std::size_t depth);
  Result<Counted> alias(std::size_t depth);
  Result<void> sequence(std::size_t depth, Counted& into);
  Result<void> mapping(std::size_t depth, Counted& into);
  Result<void> member(std::size_t depth, OpenMapping& open);
  Result<void> keep_anchor(const std::string& name, const Counted& anchored);
  Result<void> charge(const Cost& cost);

  EventStream stream_;
  const YamlLimits limits_;
  std::map<std::string, Counted> anchors_;
  std::size_t nodes_ = 0;
  std::size_t copied_bytes_ = 0;
};

Result<void> Reader::charge(const Cost& cost) {
  nodes_ += cost.nodes;
  copied_bytes_ += cost.bytes;
  if (nodes_ <= limits_.nodes_max && copied_bytes_ <= limits_.bytes_max) return {};
  return error_at(ErrorCode::kTooLarge, stream_.line(),
                  "more than " + std::to_string(limits_.nodes_max) + " nodes or " +
                      std::to_string(limits_.bytes_max) + " bytes with aliases resolved");
}

Result<void> Reader::keep_anchor(const std::string& name, const Counted& anchored) {
  if (name.empty()) return {};
  const Result<void> charged = charge(anchored.cost);
  if (!charged.ok()) return charged;
  anchors_[name] = anchored;
  return {};
}

Result<Counted> Reader::alias(std::size_t depth) {
  const std::string name = text_of(stream_.event().data.alias.anchor);
  const auto found = anchors_.find(name);
  // Also when it refers to a value that has not ended: a cycle.
  if (found == anchors_.end()) {
    return error_at(ErrorCode::kMalformed, stream_.line(),
                    "unknown alias " + quote_bounded(name));
  }
  if (depth + found->second.cost.depth > limits_.depth_max + 1) {
    return error_at(ErrorCode::kTooLarge, stream_.line(), "nested too deep by an alias");
  }
  const Result<void> charged = charge(found->second.cost);
  if (!charged.ok()) return charged.error();
  return found->second;
}

Result<Counted> Reader::value(std::size_t depth) {
  if (depth > limits_.depth_max) {
    return error_at(ErrorCode::kTooLarge, stream_.line(),
                    "nested deeper than " + std::to_string(limits_.depth_max));
  }
  if (stream_.event().type == YAML_ALIAS_EVENT) return alias(depth);
  const Result<void> charged = charge(Cost{});
  if (!charged.ok()) return charged.error();

  Counted read;
  std::string anchor;
  Result<void> done;
  const std::size_t line = stream_.line();
  switch (stream_.event().type) {
    case YAML_SCALAR_EVENT:
      anchor = text_of(stream_.event().data.scalar.anchor);
      read.value = scalar_of(stream_.event());
      read.cost.bytes = read.value.scalar.size();
      break;
    case YAML_SEQUENCE_START_EVENT:
      anchor = text_of(stream_.event().data.sequence_start.anchor);
      done = sequence(depth, read);
      break;
    case YAML_MAPPING_START_EVENT:
      anchor = text_of(stream_.event().data.mapping_start.anchor);
      done = mapping(depth, read);
      break;
    default:
      return error_at(ErrorCode::kMalformed, line, "value expected");
  }
  if (!done.ok()) return done.error();
  read.value.line = line;
  const Result<void> kept = keep_anchor(anchor, read);
  if (!kept.ok()) return kept.error();
  return read;
}

Result<void> Reader::sequence(std::size_t depth, Counted& into) {
  into.value.kind = Yaml::Kind::kSequence;
  for (;;) {
    const Result<void> moved = stream_.next();
    if (!moved.ok()) return moved;
    if (stream_.event().type == YAML_SEQUENCE_END_EVENT) return {};
    Result<Counted> item = value(depth + 1);
    if (!item.ok()) return item.error();
    into.cost.add(item->cost);
    into.value.items.push_back(std::move(item->value));
  }
}

// The value of `<<`: a mapping, or several of which the first wins (yaml.org/type/merge).
bool take_merge(const Yaml& value, OpenMapping& into) {
  if (value.kind == Yaml::Kind::kMapping) {
    for (const auto& member : value.members) {
      if (into.merged_names.insert(member.first).second) into.merged.push_back(member);
    }
    return true;
  }
  if (value.kind != Yaml::Kind::kSequence) return false;
  return std::all_of(value.items.begin(), value.items.end(), [&](const Yaml& item) {
    return item.kind == Yaml::Kind::kMapping && take_merge(item, into);
  });
}

// Merged members count only where the mapping has none of that name itself.
void apply_merge(OpenMapping& mapping) {
  Members& members = mapping.into.value.members;
  for (const auto& member : members) mapping.merged_names.erase(member.first);
  for (auto& member : mapping.merged) {
    if (mapping.merged_names.count(member.first) != 0) members.push_back(std::move(member));
  }
}

// By sorting: looking each name up while reading is quadratic.
Result<void> refuse_repeated(const OpenMapping& mapping) {
  const Members& members = mapping.into.value.members;
  std::vector<std::size_t> order(members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(members[a].first, a) < std::tie(members[b].first, b);
  });
  const auto twice =
      std::adjacent_find(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return members[a].first == members[b].first;
      });
  if (twice == order.end()) return {};
  const std::size_t again = *std::next(twice);
  return error_at(ErrorCode::kMalformed, mapping.key_lines[again],
                  "key " + quote_bounded(members[again].first) + " again");
}

Result<void> Reader::member(std::size_t depth, OpenMapping& open) {
  const std::size_t line = stream_.line();
  Result<Counted> key = value(depth + 1);
  if (!key.ok()) return key.error();
  if (key->value.kind != Yaml::Kind::kScalar && key->value.kind != Yaml::Kind::kNull) {
    return error_at(ErrorCode::kMalformed, line, "a key that is no scalar");
  }
  const Result<void> moved = stream_.next();
  if (!moved.ok()) return moved;
  Result<Counted> content = value(depth + 1);
  if (!content.ok()) return content.error();
  open.into.cost.add(content->cost);
  open.into.cost.bytes += key->cost.bytes;

  std::string& name = key->value.scalar;
  if (name == "<<" && !key->value.quoted) {
    if (take_merge(content->value, open)) return {};
    return error_at(ErrorCode::kMalformed, line, "<< takes a mapping or a list of them");
  }
  open.into.value.members.emplace_back(std::move(name), std::move(content->value));
  open.key_lines.push_back(line);
  return {};
}

Result<void> Reader::mapping(std::size_t depth, Counted& into) {
  into.value.kind = Yaml::Kind::kMapping;
  OpenMapping open{into, {}, {}, {}};
  for (;;) {
    const Result<void> moved = stream_.next();
    if (!moved.ok()) return moved;
    if (stream_.event().type == YAML_MAPPING_END_EVENT) break;
    const Result<void> done = member(depth, open);
    if (!done.ok()) return done;
  }
  const Result<void> unique = refuse_repeated(open);
  if (!unique.ok()) return unique;
  apply_merge(open);
  return {};
}

Result<Yaml> Reader::first_document() {
  for (;;) {
    const Result<void> moved = stream_.next();
    if (!moved.ok()) return moved.error();
    const yaml_event_type_t type = stream_.event().type;
    if (type == YAML_STREAM_END_EVENT) return Yaml{};
    if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT) continue;
    Result<Counted> read = value(1);
    if (!read.ok()) return read.error();
    return std::move(read->value);
  }
}

}  // namespace

Yaml::Yaml() = default;
Yaml::~Yaml() = default;
Yaml::Yaml(const Yaml&) = default;
Yaml& Yaml::operator=(const Yaml&) = default;
Yaml::Yaml(Yaml&&) noexcept = default;
Yaml& Yaml::operator=(Yaml&&) noexcept = default;

const Yaml* Yaml::find(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const auto& member) { return member.first == key; });
  return found == members.end() ? nullptr : &found->second;
}

Result<Yaml> parse_yaml(std::string_view text, const YamlLimits& limits) {
  if (text.size() > limits.bytes_max) {
    return Error{ErrorCode::kTooLarge,
                 "YAML larger than " + std::to_string(limits.bytes_max) + " bytes"};
  }
  return Reader(text, limits).first_document();
}

}  // namespace lookout::encoding
