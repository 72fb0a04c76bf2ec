#include "src/aws/command_line.hpp"

#include <cstddef>
#include <utility>

namespace lookout::aws {
namespace {

class WordReader {
 public:
  explicit WordReader(std::string_view text) : rest_(text) {}

  Result<std::vector<std::string>> read() {
    while (!rest_.empty()) {
      const char c = take();
      const bool ok = c == '\''  ? take_single_quoted()
                      : c == '"' ? take_double_quoted()
                                 : take_plain(c);
      if (!ok) return Error{ErrorCode::kInvalid, "a quotation or an escape without its end"};
    }
    end_word();
    return std::move(words_);
  }

 private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  bool take_plain(char c) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      end_word();
      return true;
    }
    if (c == '\\' && rest_.empty()) return false;
    word_ += c == '\\' ? take() : c;
    in_word_ = true;
    return true;
  }

  bool take_single_quoted() {
    const std::size_t close = rest_.find('\'');
    if (close == std::string_view::npos) return false;
    word_ += rest_.substr(0, close);
    rest_.remove_prefix(close + 1);
    in_word_ = true;
    return true;
  }

  bool take_double_quoted() {
    in_word_ = true;
    while (!rest_.empty()) {
      const char c = take();
      if (c == '"') return true;
      const bool escape = c == '\\' && (rest_.starts_with('"') || rest_.starts_with('\\'));
      word_ += escape ? take() : c;
    }
    return false;
  }

  void end_word() {
    if (in_word_) words_.push_back(std::exchange(word_, ""));
    in_word_ = false;
  }

  std::string_view rest_;
  std::string word_;
  bool in_word_ = false;  // also of an empty one: ''
  std::vector<std::string> words_;
};

}  // namespace

Result<std::vector<std::string>> split_command_line(std::string_view text) {
  return WordReader(text).read();
}

}  // namespace lookout::aws
