// One bounded pass over a JSON document from outside, for the few members that we want of it.
// No tree is built: what is kept is what the visitor keeps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "lookout/base/result.hpp"

namespace lookout::repository {

inline constexpr std::size_t kJsonDepthMax = 64;

struct JsonNull {};
struct JsonContainer {};  // an object or array begins; what it holds is visited next
// Numbers that fit are integers; strings are valid during the call only.
using JsonValue =
    std::variant<JsonNull, bool, std::int64_t, double, std::string_view, JsonContainer>;
// Keys from the root to the value; an element of an array has the key "".
using JsonPath = std::span<const std::string>;
using JsonVisitor = std::function<void(JsonPath path, const JsonValue& value)>;

// Calls `visit` for each value in the order of the text; members that come twice are visited
// twice. kMalformed: not JSON (UTF-8 included), or deeper
// than kJsonDepthMax; the values before the damage have been visited by then.
// The message quotes nothing of the text.
Result<void> walk_json(std::string_view text, const JsonVisitor& visit);

bool path_is(JsonPath path, std::initializer_list<std::string_view> keys);
// "" for any other type.
std::string_view text_of(const JsonValue& value);

}  // namespace lookout::repository
