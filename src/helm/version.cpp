#include "lookout/helm/version.hpp"

#include <algorithm>

#include "lookout/base/text.hpp"

namespace lookout::helm {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_identifier_char(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

bool only_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

// Consumes a version's text from its front.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // nullopt when there is no digit or the number exceeds 64 bits. Leading zeros pass.
  std::optional<std::uint64_t> number() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
    return parse_number<std::uint64_t>(take_until(end));
  }
  // Identifiers separated by dots, up to the first other character.
  std::string_view identifiers() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(),
                                      [](char c) { return is_identifier_char(c) || c == '.'; });
    return take_until(end);
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view take_until(std::string_view::const_iterator end) {
    const auto size = static_cast<std::size_t>(end - rest_.begin());
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
};

enum class Identifiers { kPrerelease, kBuild };

bool are_valid(std::string_view identifiers, Identifiers kind) {
  const auto parts = split(identifiers, '.');
  return std::none_of(parts.begin(), parts.end(), [kind](std::string_view part) {
    if (part.empty()) return true;
    const bool leading_zero = part.size() > 1 && part.front() == '0' && only_digits(part);
    return kind == Identifiers::kPrerelease && leading_zero;
  });
}

// Takes the first identifier off; "" when none is left.
std::string_view take_identifier(std::string_view& rest) {
  const std::size_t dot = std::min(rest.find('.'), rest.size());
  const std::string_view taken = rest.substr(0, dot);
  rest.remove_prefix(std::min(dot + 1, rest.size()));
  return taken;
}

// Numbers come before words. One that exceeds 64 bits is a word, as in Masterminds' library.
std::weak_ordering compare_identifiers(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.size() <=> b.size();
  const auto number_a = parse_number<std::uint64_t>(a);
  const auto number_b = parse_number<std::uint64_t>(b);
  if (number_a && number_b) return *number_a <=> *number_b;
  if (number_a || number_b) {
    return number_a ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  return a <=> b;
}

std::string with_plus(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), '_', '+');
  return out;
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
  if (text.size() > kVersionBytesMax) return std::nullopt;
  Cursor cursor(text);
  cursor.take('v');
  Version version;
  const auto major = cursor.number();
  if (!major) return std::nullopt;
  version.major = *major;
  for (std::uint64_t* const part : {&version.minor, &version.patch}) {
    if (!cursor.take('.')) break;
    const auto number = cursor.number();
    if (!number) return std::nullopt;
    *part = *number;
  }
  if (cursor.take('-')) {
    version.prerelease = cursor.identifiers();
    if (!are_valid(version.prerelease, Identifiers::kPrerelease)) return std::nullopt;
  }
  if (cursor.take('+')) {
    version.build = cursor.identifiers();
    if (!are_valid(version.build, Identifiers::kBuild)) return std::nullopt;
  }
  if (!cursor.at_end()) return std::nullopt;
  return version;
}

std::weak_ordering compare_precedence(const Version& a, const Version& b) {
  if (const auto order = a.major <=> b.major; order != 0) return order;
  if (const auto order = a.minor <=> b.minor; order != 0) return order;
  if (const auto order = a.patch <=> b.patch; order != 0) return order;
  if (a.stable() || b.stable()) return a.stable() <=> b.stable();
  std::string_view rest_a = a.prerelease;
  std::string_view rest_b = b.prerelease;
  while (!rest_a.empty() || !rest_b.empty()) {
    const auto order = compare_identifiers(take_identifier(rest_a), take_identifier(rest_b));
    if (order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

bool same_version(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto version_a = parse_version(with_plus(a));
  return version_a && version_a == parse_version(with_plus(b));
}

}  // namespace lookout::helm
