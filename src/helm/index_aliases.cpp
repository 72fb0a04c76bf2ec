#include "src/helm/index_aliases.hpp"

#include <utility>

#include "lookout/base/text.hpp"

#include "src/helm/index_reader.hpp"

namespace lookout::helm {
namespace {

using Kind = encoding::YamlEvent::Kind;

bool starts_container(Kind kind) {
  return kind == Kind::kSequenceStart || kind == Kind::kMappingStart;
}

bool ends_container(Kind kind) {
  return kind == Kind::kSequenceEnd || kind == Kind::kMappingEnd;
}

}  // namespace

bool IndexAliases::fail(IndexDefect defect, std::string message) {
  failure_ = index_failure(defect, std::move(message));
  return false;
}

// --- the file's events, and those of the tape in place of aliases ---

bool IndexAliases::pull() {
  while (!replays_.empty()) {
    Range& range = replays_.back();
    if (range.begin == range.end) {
      replays_.pop_back();
      continue;
    }
    const Taped& taped = tape_[range.begin++];
    if (taped.kind == Kind::kAlias) {
      if (!replay(taped.alias)) return false;
      continue;
    }
    raw_ = {taped.kind, taped.plain, taped.text, taped.tag};
    return ++alias_nodes_ <= limits_.alias_nodes_max ||
           fail(IndexDefect::kAliases, "aliases stand for more than " +
                                           std::to_string(limits_.alias_nodes_max) + " nodes");
  }
  return pull_live();
}

bool IndexAliases::replay(Range range) {
  // Ranges only lead to earlier ones, but a chain of them may be long.
  if (replays_.size() > limits_.depth_max) {
    return fail(IndexDefect::kAliases, "aliases of aliases of aliases");
  }
  replays_.push_back(range);
  return true;
}

bool IndexAliases::pull_live() {
  const Result<void> read = events_.next();
  if (!read) {
    failure_ = {IndexDefect::kMalformed, read.error()};
    return false;
  }
  const encoding::YamlEvent& event = events_.event();
  line_ = event.line;
  if (event.kind == Kind::kAlias) return resolve_alias(event.text) && pull();
  raw_ = {event.kind, event.plain, event.text, event.tag};
  if (!event.anchor.empty()) open_anchor(event.anchor);
  if (!open_anchors_.empty()) {
    tape({event.kind, event.plain, {}, std::string(event.text), std::string(event.tag)});
  }
  if (starts_container(event.kind)) ++open_live_;
  if (ends_container(event.kind)) --open_live_;
  close_anchors();
  return true;
}

bool IndexAliases::resolve_alias(std::string_view name) {
  if (++aliases_ > limits_.aliases_max) {
    return fail(IndexDefect::kAliases,
                "more than " + std::to_string(limits_.aliases_max) + " aliases");
  }
  const auto found = anchors_.find(name);
  if (found == anchors_.end()) {
    if (tape_full_) return fail(IndexDefect::kAliases, "anchored values too large to keep");
    return fail(IndexDefect::kMalformed,
                "alias " + quote_bounded(name) + " of no value, or of one around itself");
  }
  if (!open_anchors_.empty()) tape({Kind::kAlias, false, found->second});
  return replay(found->second);
}

void IndexAliases::open_anchor(std::string_view name) {
  const auto before = anchors_.find(name);
  if (before != anchors_.end()) anchors_.erase(before);
  if (tape_full_) return;
  tape_bytes_ += sizeof(OpenAnchor) + name.size();
  open_anchors_.push_back({std::string(name), tape_.size(), open_live_});
}

void IndexAliases::tape(Taped taped) {
  tape_bytes_ += sizeof(Taped) + taped.text.size() + taped.tag.size();
  if (tape_bytes_ > kTapeBytesMax) {
    tape_full_ = true;
    open_anchors_.clear();
    return;
  }
  tape_.push_back(std::move(taped));
}

// Of all values that have just ended.
void IndexAliases::close_anchors() {
  while (!open_anchors_.empty() && open_anchors_.back().depth == open_live_) {
    OpenAnchor& closed = open_anchors_.back();
    anchors_[std::move(closed.name)] = {closed.begin, tape_.size()};
    open_anchors_.pop_back();
  }
}

// --- keys, values, and merging ---

bool IndexAliases::in_mapping() const {
  return !containers_.empty() && (containers_.back().around == Around::kMapping ||
                                  containers_.back().around == Around::kMergedMapping);
}

bool IndexAliases::next() {
  for (;;) {
    if (!pull()) return false;
    if (raw_.kind == Kind::kDocumentStart) continue;
    if (!emit()) return false;
    if (event_.kind != IndexEvent::Kind::kNoDocument || raw_.kind == Kind::kStreamEnd) return true;
  }
}

// Leaves event_ at kNoDocument when the raw event stands for none.
bool IndexAliases::emit() {
  event_ = {};
  if (raw_.kind == Kind::kStreamEnd) return true;
  if (raw_.kind == Kind::kDocumentEnd) {
    event_.kind = IndexEvent::Kind::kDocumentEnd;
    return true;
  }
  if (ends_container(raw_.kind)) return leave();
  const bool is_key = in_mapping() && containers_.back().at_key;
  if (starts_container(raw_.kind)) return is_key ? skip_key() : emit_container();
  if (!containers_.empty() && containers_.back().around == Around::kMergeList) {
    return fail(IndexDefect::kMalformed, "<< takes a mapping or a list of them");
  }
  constexpr std::string_view kMergeTag = "tag:yaml.org,2002:merge";
  if (is_key && raw_.text == "<<" && (raw_.plain || raw_.tag == kMergeTag)) return begin_merge();
  event_ = {is_key ? IndexEvent::Kind::kKey : IndexEvent::Kind::kScalar, raw_.text, raw_.tag,
            raw_.plain};
  if (is_key) {
    containers_.back().at_key = false;
  } else {
    value_ends();
  }
  return true;
}

bool IndexAliases::push(Around around) {
  if (!within_depth(1)) return false;
  containers_.push_back({around});
  return true;
}

// libyaml takes a time for each token that grows with the depth.
bool IndexAliases::within_depth(std::size_t more) {
  return containers_.size() + more <= limits_.depth_max ||
         fail(IndexDefect::kTooLarge, "nested deeper than " + std::to_string(limits_.depth_max));
}

bool IndexAliases::emit_container() {
  const bool is_mapping = raw_.kind == Kind::kMappingStart;
  if (!containers_.empty() && containers_.back().around == Around::kMergeList) {
    if (is_mapping) return push(Around::kMergedMapping);
    return fail(IndexDefect::kMalformed, "<< takes a mapping or a list of them");
  }
  event_.kind = is_mapping ? IndexEvent::Kind::kMappingStart : IndexEvent::Kind::kListStart;
  return push(is_mapping ? Around::kMapping : Around::kList);
}

bool IndexAliases::leave() {
  const Around left = containers_.back().around;
  containers_.pop_back();
  if (left == Around::kList || left == Around::kMapping) event_.kind = IndexEvent::Kind::kEnd;
  value_ends();
  return true;
}

void IndexAliases::value_ends() {
  if (!containers_.empty()) containers_.back().at_key = true;
}

bool IndexAliases::begin_merge() {
  containers_.back().at_key = false;
  if (!pull()) return false;
  if (raw_.kind == Kind::kMappingStart) return push(Around::kMergedMapping);
  if (raw_.kind == Kind::kSequenceStart) return push(Around::kMergeList);
  return fail(IndexDefect::kMalformed, "<< takes a mapping or a list of them");
}

// Reads a key that is a list or mapping up to its end.
bool IndexAliases::skip_key() {
  for (std::size_t open = 1; open != 0;) {
    if (!within_depth(open) || !pull()) return false;
    if (starts_container(raw_.kind)) ++open;
    if (ends_container(raw_.kind)) --open;
  }
  containers_.back().at_key = false;
  event_.kind = IndexEvent::Kind::kUnusableKey;
  return true;
}

}  // namespace lookout::helm
