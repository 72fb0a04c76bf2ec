#include "src/helm/index_scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <variant>

namespace lookout::helm {
namespace {

using Kind = IndexScalar::Kind;

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_null(std::string_view text) {
  constexpr std::array<std::string_view, 5> kWords = {"", "~", "null", "Null", "NULL"};
  return is_one_of(text, kWords);
}

bool is_true(std::string_view text) {
  constexpr std::array<std::string_view, 11> kWords = {"y",    "Y",    "yes", "Yes", "YES", "true",
                                                       "True", "TRUE", "on",  "On",  "ON"};
  return is_one_of(text, kWords);
}

bool is_false(std::string_view text) {
  constexpr std::array<std::string_view, 11> kWords = {
      "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"};
  return is_one_of(text, kWords);
}

bool is_nan(std::string_view text) {
  constexpr std::array<std::string_view, 3> kWords = {".nan", ".NaN", ".NAN"};
  return is_one_of(text, kWords);
}

bool is_infinity(std::string_view text) {
  constexpr std::array<std::string_view, 3> kWords = {".inf", ".Inf", ".INF"};
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return is_one_of(text, kWords);
}

struct Integer {
  bool negative = false;
  std::uint64_t magnitude = 0;
};
using Number = std::variant<Integer, double>;

// Takes the prefix of Go's base 0 off: 0x, 0o, 0b, or 0 for octal.
int take_base(std::string_view& digits) {
  if (digits.size() < 2 || digits[0] != '0') return 10;
  const char mark = static_cast<char>(digits[1] | 0x20);
  const int base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
  digits.remove_prefix(base == 0 ? 1 : 2);
  return base == 0 ? 8 : base;
}

// strconv.ParseInt, or else ParseUint, in base 0.
std::optional<Integer> parse_integer(std::string_view text) {
  const bool is_signed = text.starts_with('+') || text.starts_with('-');
  Integer number{text.starts_with('-'), 0};
  if (is_signed) text.remove_prefix(1);
  const int base = take_base(text);
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number.magnitude, base);
  if (text.empty() || stop != end || error != std::errc()) return std::nullopt;
  constexpr std::uint64_t kMagnitudeMax = std::numeric_limits<std::int64_t>::max();
  if (is_signed && number.magnitude > kMagnitudeMax + (number.negative ? 1 : 0)) {
    return std::nullopt;
  }
  return number;
}

std::size_t digits_at(std::string_view text, std::size_t from) {
  const std::size_t end = text.find_first_not_of("0123456789", from);
  return std::min(end, text.size()) - from;
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool is_float(std::string_view text) {
  std::size_t at = text.find_first_not_of("+-") == 1 ? 1 : 0;
  const std::size_t whole = digits_at(text, at);
  at += whole;
  std::size_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    fraction = digits_at(text, at + 1);
    at += 1 + fraction;
  }
  if (whole + fraction == 0) return false;
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  ++at;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  const std::size_t exponent = digits_at(text, at);
  return exponent != 0 && at + exponent == text.size();
}

std::optional<double> parse_float(std::string_view text) {
  if (!is_float(text)) return std::nullopt;
  const double value = std::strtod(std::string(text).c_str(), nullptr);
  if (std::isinf(value)) return std::nullopt;
  return value;
}

bool may_be_number(std::string_view text) {
  constexpr std::string_view kFirst = "+-.0123456789";
  return !text.empty() && kFirst.find(text.front()) != std::string_view::npos;
}

std::optional<Number> parse_number_text(std::string_view text) {
  if (!may_be_number(text)) return std::nullopt;
  if (is_nan(text)) return std::numeric_limits<double>::quiet_NaN();
  if (is_infinity(text)) {
    const double infinity = std::numeric_limits<double>::infinity();
    return text.front() == '-' ? -infinity : infinity;
  }
  std::string plain(text);
  if (text.front() != '.') plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
  if (const auto integer = parse_integer(plain)) return *integer;
  if (const auto value = parse_float(plain)) return *value;
  return std::nullopt;
}

// strconv.FormatFloat(value, 'g', -1, 32)
std::string float_text(double value) {
  if (std::isnan(value)) return ".nan";
  if (std::isinf(value)) return value < 0 ? "-.inf" : ".inf";
  const auto narrow = static_cast<float>(value);
  std::array<char, 64> text;
  const auto written = [&](std::chars_format format) {
    char* const end = text.data() + text.size();
    return std::string_view(
        text.data(), static_cast<std::size_t>(std::to_chars(text.data(), end, narrow, format).ptr -
                                              text.data()));
  };
  std::string out(written(std::chars_format::scientific));
  const int exponent = std::atoi(out.c_str() + out.find('e') + 1);
  if (exponent < -4 || exponent >= 6) return out;
  return std::string(written(std::chars_format::fixed));
}

std::string number_text(const Number& number) {
  if (const auto* value = std::get_if<double>(&number)) return float_text(*value);
  const auto& integer = std::get<Integer>(number);
  return (integer.negative && integer.magnitude != 0 ? "-" : "") +
         std::to_string(integer.magnitude);
}

IndexScalar resolve_plain(std::string_view text) {
  constexpr std::string_view kFirst = "+-.0123456789yYnNtTfFoO~";
  if (!text.empty() && kFirst.find(text.front()) == std::string_view::npos) {
    return {Kind::kString, text};
  }
  if (is_null(text)) return {Kind::kNull, text};
  if (is_true(text)) return {Kind::kBool, text, true};
  if (is_false(text)) return {Kind::kBool, text, false};
  return {parse_number_text(text) ? Kind::kNumber : Kind::kString, text};
}

}  // namespace

IndexScalar resolve_scalar(std::string_view text, std::string_view tag, bool plain) {
  if (tag.empty()) return plain ? resolve_plain(text) : IndexScalar{Kind::kString, text};
  if (!tag.starts_with(kTagPrefix)) return {Kind::kString, text};
  tag.remove_prefix(kTagPrefix.size());
  IndexScalar resolved = resolve_plain(text);
  const auto typed = [&](Kind wanted) {
    if (resolved.kind != wanted) resolved.kind = Kind::kConflict;
    return resolved;
  };
  if (tag == "null") return typed(Kind::kNull);
  if (tag == "bool") return typed(Kind::kBool);
  if (tag == "int" || tag == "float") return typed(Kind::kNumber);
  return {Kind::kString, text};
}

std::string key_text(const IndexScalar& key) {
  if (key.kind == Kind::kBool) return key.truth ? "true" : "false";
  if (key.kind == Kind::kNumber) {
    if (const auto number = parse_number_text(key.text)) return number_text(*number);
  }
  return std::string(key.text);
}

}  // namespace lookout::helm
