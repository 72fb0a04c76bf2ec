#include "test/fakes/fault_words.hpp"

#include <algorithm>

namespace lookout::fakes {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";

char unescape(char escaped) {
  switch (escaped) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return escaped;
  }
}

class WordReader {
 public:
  explicit WordReader(std::string_view line) : rest_(line) {}

  bool at_end() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpaces), rest_.size()));
    return rest_.empty();
  }

  Result<FaultWord> next() {
    FaultWord out;
    out.name = take(rest_.find_first_of(" \t\r\n="));
    if (rest_.empty() || rest_.front() != '=') return out;
    rest_.remove_prefix(1);
    if (rest_.empty() || rest_.front() != '"') {
      out.value = take(rest_.find_first_of(kSpaces));
      return out;
    }
    auto quoted = take_quoted();
    if (!quoted) return Error{quoted.error().code, out.name + "=: " + quoted.error().message};
    out.value = *std::move(quoted);
    return out;
  }

 private:
  std::string take(std::size_t end) {
    const std::string out(rest_.substr(0, end));
    rest_.remove_prefix(out.size());
    return out;
  }

  Result<std::string> take_quoted() {
    std::string out;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        if (rest_.empty() || kSpaces.find(rest_.front()) != std::string_view::npos) return out;
        return Error{ErrorCode::kInvalid, "text follows the closing quote"};
      }
      const bool escape = rest_[i] == '\\' && i + 1 < rest_.size();
      out += escape ? unescape(rest_[++i]) : rest_[i];
    }
    return Error{ErrorCode::kInvalid, "the quote is not closed"};
  }

  std::string_view rest_;
};

}  // namespace

Result<std::vector<FaultWord>> split_fault_words(std::string_view line) {
  std::vector<FaultWord> out;
  WordReader reader(line);
  while (!reader.at_end()) {
    auto word = reader.next();
    if (!word) return word.error();
    out.push_back(*std::move(word));
  }
  return out;
}

}  // namespace lookout::fakes
