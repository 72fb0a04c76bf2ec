#include "src/repository/oci_challenge.hpp"

#include <algorithm>

#include "lookout/base/text.hpp"

namespace lookout::repository {
namespace {

// RFC 9110 section 5.6.2.
bool is_token_byte(char c) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

// A cursor over one field.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool ended() const { return rest_.empty(); }
  void skip_spaces() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) {
      rest_.remove_prefix(1);
    }
  }
  // Empty elements of a list are legal.
  void skip_commas() {
    for (skip_spaces(); take(','); skip_spaces()) {
    }
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // "" when there is none.
  std::string_view token() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_token_byte);
    return cut(static_cast<std::size_t>(end - rest_.begin()));
  }
  // RFC 9110 section 11.2; only what cannot begin a parameter.
  void skip_token68() { cut(std::min(rest_.find_first_of(" \t,"), rest_.size())); }
  std::optional<std::string> value();
  std::string_view rest() const { return rest_; }
  void restore(std::string_view rest) { rest_ = rest; }

 private:
  std::string_view cut(std::size_t size) {
    const std::string_view head = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return head;
  }

  std::string_view rest_;
};

// A token, or a quoted string without its quotes and backslashes.
std::optional<std::string> Cursor::value() {
  if (!take('"')) {
    const std::string_view text = token();
    if (text.empty()) return std::nullopt;
    return std::string(text);
  }
  std::string text;
  while (!rest_.empty()) {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '"') return text;
    if (c != '\\') {
      text += c;
    } else if (!rest_.empty()) {
      text += rest_.front();
      rest_.remove_prefix(1);
    }
  }
  return std::nullopt;
}

enum class Taken { kParameter, kNone, kDamage };

// name = value; kNone leaves the cursor where it was: a scheme or a token68 stands there.
Taken take_parameter(Cursor& cursor, Challenge& challenge) {
  const std::string_view before = cursor.rest();
  const std::string_view name = cursor.token();
  cursor.skip_spaces();
  if (name.empty() || !cursor.take('=')) {
    cursor.restore(before);
    return Taken::kNone;
  }
  cursor.skip_spaces();
  std::optional<std::string> value = cursor.value();
  if (!value) return Taken::kDamage;
  if (challenge.parameters.size() == kChallengeParametersMax) return Taken::kDamage;
  challenge.parameters.emplace_back(to_lower(name), std::move(*value));
  cursor.skip_spaces();
  return cursor.ended() || cursor.rest().front() == ',' ? Taken::kParameter : Taken::kDamage;
}

// Parameters up to the next scheme; false on damage.
bool take_parameters(Cursor& cursor, Challenge& challenge) {
  for (;;) {
    cursor.skip_commas();
    if (cursor.ended()) return true;
    const Taken taken = take_parameter(cursor, challenge);
    if (taken == Taken::kDamage) return false;
    if (taken == Taken::kNone) return true;
  }
}

// "Negotiate YII=": after the scheme stands something that is no parameter and no list.
bool skip_token68(Cursor& cursor) {
  const std::string_view before = cursor.rest();
  cursor.skip_token68();
  const std::string_view text = before.substr(0, before.size() - cursor.rest().size());
  cursor.skip_spaces();
  const bool whole = cursor.ended() || cursor.rest().front() == ',';
  const std::size_t padding = text.find('=');
  const bool padded =
      text.find_first_not_of('=', std::min(padding, text.size())) == std::string_view::npos;
  if (!text.empty() && whole && padded) return true;
  cursor.restore(before);
  return false;
}

}  // namespace

std::string_view Challenge::parameter(std::string_view name) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == parameters.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<Challenge> parse_challenges(std::string_view field) {
  std::vector<Challenge> challenges;
  Cursor cursor(field.substr(0, kChallengeBytesMax));
  for (cursor.skip_commas(); !cursor.ended(); cursor.skip_commas()) {
    Challenge challenge;
    challenge.scheme = to_lower(cursor.token());
    if (challenge.scheme.empty() || challenges.size() == kChallengesMax) break;
    const bool alone = cursor.ended() || cursor.rest().front() == ',';
    if (!alone && !cursor.rest().starts_with(' ') && !cursor.rest().starts_with('\t')) break;
    cursor.skip_spaces();
    const bool sound = alone || skip_token68(cursor) || take_parameters(cursor, challenge);
    challenges.push_back(std::move(challenge));
    if (!sound) break;
  }
  return challenges;
}

std::vector<Challenge> challenges_of(const http::Headers& headers) {
  std::vector<Challenge> all;
  for (const auto& [name, value] : headers.fields()) {
    if (!equals_ignoring_case(name, "WWW-Authenticate")) continue;
    for (Challenge& challenge : parse_challenges(value)) {
      if (all.size() < kChallengesMax) all.push_back(std::move(challenge));
    }
  }
  return all;
}

std::optional<Challenge> choose_challenge(const std::vector<Challenge>& challenges) {
  const auto with = [&](std::string_view scheme, bool realm) -> std::optional<Challenge> {
    const auto found =
        std::find_if(challenges.begin(), challenges.end(), [&](const Challenge& challenge) {
          return challenge.scheme == scheme && (!realm || !challenge.parameter("realm").empty());
        });
    if (found == challenges.end()) return std::nullopt;
    return *found;
  };
  const std::optional<Challenge> bearer = with("bearer", true);
  return bearer ? bearer : with("basic", false);
}

}  // namespace lookout::repository
