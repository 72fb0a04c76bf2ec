#include "src/kube/json_splitter.hpp"

#include "lookout/base/text.hpp"

namespace lookout::kube {
namespace {

bool is_white_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

std::string_view unquoted(std::string_view text) {
  return text.substr(1, text.size() - 2);
}

}  // namespace

JsonSplitter::JsonSplitter(Shape shape, PartSink sink, const DecoderLimits& limits)
    : sink_(std::move(sink)),
      framer_(limits),
      expect_(shape == Shape::kList ? Expect::kList : Expect::kObject) {}

Error JsonSplitter::unexpected(char c) {
  return {ErrorCode::kMalformed, "unexpected " + quote_bounded({&c, 1}) + " in JSON"};
}

Result<void> JsonSplitter::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!framing_ && is_white_space(bytes.front())) {
      bytes.remove_prefix(1);
      continue;
    }
    if (!framing_) {
      const Result<bool> mark = take_mark(bytes.front());
      if (!mark) return mark.error();
      if (*mark) {
        bytes.remove_prefix(1);
        continue;
      }
      framing_ = true;
    }
    const Result<JsonFramer::Step> step = framer_.feed(bytes);
    if (!step) return step.error();
    if (step->complete) {
      framing_ = false;
      if (Result<void> taken = take_value(); !taken) return taken;
    }
    bytes.remove_prefix(step->consumed);
  }
  return {};
}

Result<void> JsonSplitter::finish() const {
  if (!framing_ && (expect_ == Expect::kNothing || expect_ == Expect::kObject)) return {};
  return Error{ErrorCode::kMalformed, "JSON ends too early"};
}

Result<bool> JsonSplitter::move_to(Expect next) {
  expect_ = next;
  return true;
}

Result<bool> JsonSplitter::take_mark(char c) {
  const bool closes = c == '}' || c == ']' || c == ',' || c == ':';
  switch (expect_) {
    case Expect::kObject:
      if (c == '{') return false;
      break;
    case Expect::kList:
      if (c == '{') return move_to(Expect::kKeyOrEnd);
      break;
    case Expect::kKeyOrEnd:
      if (c == '}') return move_to(Expect::kNothing);
      [[fallthrough]];
    case Expect::kKey:
      if (c == '"') return false;
      break;
    case Expect::kColon:
      if (c == ':') return move_to(Expect::kMember);
      break;
    case Expect::kMember:
      if (key_ == "items" && c == '[') return move_to(Expect::kItemOrEnd);
      if (!closes) return false;
      break;
    case Expect::kMemberCommaOrEnd:
      if (c == ',') return move_to(Expect::kKey);
      if (c == '}') return move_to(Expect::kNothing);
      break;
    case Expect::kItemOrEnd:
      if (c == ']') return move_to(Expect::kMemberCommaOrEnd);
      [[fallthrough]];
    case Expect::kItem:
      if (c == '{') return false;
      break;
    case Expect::kItemCommaOrEnd:
      if (c == ',') return move_to(Expect::kItem);
      if (c == ']') return move_to(Expect::kMemberCommaOrEnd);
      break;
    case Expect::kNothing: break;
  }
  return unexpected(c);
}

Result<void> JsonSplitter::take_value() {
  const JsonPiece piece = framer_.piece();
  switch (expect_) {
    case Expect::kKeyOrEnd:
    case Expect::kKey:
      key_.assign(unquoted(piece.text));
      expect_ = Expect::kColon;
      return {};
    case Expect::kMember:
      expect_ = Expect::kMemberCommaOrEnd;
      return sink_({JsonPart::Kind::kMember, key_, piece});
    case Expect::kItemOrEnd:
    case Expect::kItem:
      expect_ = Expect::kItemCommaOrEnd;
      return sink_({JsonPart::Kind::kItem, {}, piece});
    default: return sink_({JsonPart::Kind::kObject, {}, piece});
  }
}

}  // namespace lookout::kube
