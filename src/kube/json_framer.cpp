#include "src/kube/json_framer.hpp"

#include <cstring>
#include <string>

namespace lookout::kube {
namespace {

bool ends_scalar(char c) {
  return c == ',' || c == '}' || c == ']' || c == ':' || c == ' ' || c == '\t' || c == '\n' ||
         c == '\r' || c == '"' || c == '{' || c == '[';
}

// Where `c` stands in [from, to), else `to`.
std::size_t find_before(std::string_view bytes, char c, std::size_t from, std::size_t to) {
  const void* const found = std::memchr(bytes.data() + from, c, to - from);
  if (found == nullptr) return to;
  return static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
}

}  // namespace

void JsonFramer::start() {
  pending_.clear();
  long_strings_.clear();
  place_ = Place::kStart;
  ended_ = false;
  depth_ = 0;
  offset_ = 0;
}

Result<JsonFramer::Step> JsonFramer::feed(std::string_view bytes) {
  if (ended_) start();
  const std::size_t taken = scan(bytes);
  if (too_deep_) return Error{ErrorCode::kTooLarge, "JSON is nested too deeply"};
  if (long_strings_.size() > kLongStringsMax || offset_ + taken > limits_.item_bytes_max) {
    return Error{ErrorCode::kTooLarge,
                 "a JSON value exceeds " + std::to_string(limits_.item_bytes_max) + " bytes"};
  }
  const bool in_place = ended_ && pending_.empty();
  if (!in_place) append(pending_, bytes.substr(0, taken));
  offset_ += taken;
  text_ = in_place ? bytes.substr(0, taken) : view(pending_);
  return Step{taken, ended_};
}

std::size_t JsonFramer::scan(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && !ended_ && !too_deep_) {
    if (in_string_) {
      at = scan_string(bytes, at);
    } else if (place_ == Place::kScalar) {
      at = scan_scalar(bytes, at);
    } else {
      scan_structure(bytes[at], at);
      ++at;
    }
  }
  return at;
}

void JsonFramer::scan_structure(char c, std::size_t at) {
  if (c == '"') {
    if (place_ == Place::kStart) place_ = Place::kString;
    open_string(offset_ + at + 1);
  } else if (c == '{' || c == '[') {
    place_ = Place::kNested;
    too_deep_ = ++depth_ > limits_.json_depth_max;
  } else if (place_ == Place::kStart) {
    place_ = Place::kScalar;
  } else if (c == '}' || c == ']') {
    ended_ = --depth_ == 0;
  }
}

void JsonFramer::open_string(std::size_t content_at) {
  in_string_ = true;
  after_backslash_ = false;
  string_starts_escaped_ = false;
  string_ = {content_at, content_at, false};
}

void JsonFramer::close_string(std::size_t end) {
  in_string_ = false;
  ended_ = place_ == Place::kString;
  string_.end = end;
  if (end - string_.begin > kShortStringBytesMax || string_starts_escaped_) {
    long_strings_.push_back(string_);
  }
}

std::size_t JsonFramer::scan_string(std::string_view bytes, std::size_t at) {
  if (after_backslash_) {
    after_backslash_ = false;
    return at + 1;
  }
  const std::size_t quote = find_before(bytes, '"', at, bytes.size());
  // Backslashes up to that quote one by one; past it the quote must be searched again.
  while (at <= quote) {
    const std::size_t backslash = find_before(bytes, '\\', at, quote);
    if (backslash == quote) break;
    string_.escaped = true;
    if (offset_ + backslash == string_.begin) string_starts_escaped_ = true;
    at = backslash + 2;
  }
  if (at > bytes.size()) {
    after_backslash_ = true;
    return bytes.size();
  }
  if (at > quote) return at;
  if (quote == bytes.size()) return quote;
  close_string(offset_ + quote);
  return quote + 1;
}

std::size_t JsonFramer::scan_scalar(std::string_view bytes, std::size_t at) {
  while (at < bytes.size() && !ends_scalar(bytes[at])) ++at;
  ended_ = at < bytes.size();
  return at;
}

}  // namespace lookout::kube
