// The input iterator that nlohmann's SAX parser wants, over a source that is asked for each
// character in turn.
#pragma once

#include <cstddef>
#include <iterator>

namespace lookout::helm {

// Source: bool more(), which may throw to leave the parser; char peek(); void skip(). A null
// source is the end.
template <class Source>
class CharacterIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  explicit CharacterIterator(Source* source) : source_(source) {}
  char operator*() const { return source_->peek(); }
  CharacterIterator& operator++() {
    source_->skip();
    return *this;
  }
  // Only ever compared with the end.
  bool operator!=(const CharacterIterator&) const { return source_->more(); }
  bool operator==(const CharacterIterator& other) const { return !(*this != other); }

 private:
  Source* source_;
};

}  // namespace lookout::helm
