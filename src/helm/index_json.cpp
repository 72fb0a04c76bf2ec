#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <string>

#include "src/helm/character_iterator.hpp"
#include "src/helm/index_formats.hpp"
#include "src/helm/index_reader.hpp"
#include "src/helm/index_scalar.hpp"

namespace lookout::helm {
namespace {

using nlohmann::json;

// Leaves the parser when the input failed.
struct InputFailed {
  Error error;
};

// The input piece by piece, as characters.
class Characters {
 public:
  explicit Characters(IndexInput& input) : input_(input) {}

  bool more() { return next_ != end_ || refill(); }
  char peek() const { return *next_; }
  void skip() { ++next_; }
  IndexInput& input() { return input_; }

 private:
  bool refill() {
    const Result<std::size_t> size = input_.read(piece_);
    if (!size) throw InputFailed{size.error()};
    next_ = piece_.data();
    end_ = next_ + *size;
    return *size != 0;
  }

  IndexInput& input_;
  std::array<char, 16U << 10> piece_;
  const char* next_ = piece_.data();
  const char* end_ = piece_.data();
};

// nlohmann's SAX interface over IndexReader.
class Events {
 public:
  Events(IndexReader& reader, IndexInput& input) : reader_(reader), input_(input) {}

  bool null() { return value({Kind::kNull}); }
  bool boolean(bool truth) { return value({Kind::kBool, {}, truth}); }
  bool number_integer(json::number_integer_t) { return value({Kind::kNumber}); }
  bool number_unsigned(json::number_unsigned_t) { return value({Kind::kNumber}); }
  bool number_float(json::number_float_t, const std::string&) { return value({Kind::kNumber}); }
  bool string(std::string& text) { return value({Kind::kString, text}); }
  bool binary(json::binary_t&) { return false; }
  bool key(std::string& name) { return started() && reader_.key(name); }
  bool start_object(std::size_t) { return started() && reader_.start_mapping(); }
  bool end_object() { return started() && reader_.end(); }
  bool start_array(std::size_t) { return started() && reader_.start_list(); }
  bool end_array() { return started() && reader_.end(); }
  bool parse_error(std::size_t, const std::string&, const json::exception&) { return false; }

 private:
  using Kind = IndexScalar::Kind;

  bool started() {
    input_.start_token();
    return true;
  }
  bool value(const IndexScalar& scalar) { return started() && reader_.scalar(scalar); }

  IndexReader& reader_;
  IndexInput& input_;
};

bool parse(IndexInput& input, IndexReader& reader) {
  Characters characters(input);
  Events events(reader, input);
  try {
    return json::sax_parse(CharacterIterator<Characters>(&characters),
                           CharacterIterator<Characters>(nullptr), &events);
  } catch (const json::exception&) {
    return false;
  }
}

}  // namespace

std::optional<IndexOutcome> read_json_index(IndexInput& input, const IndexLimits& limits) {
  IndexReader reader(IndexFormat::kJson, limits);
  try {
    const bool valid = parse(input, reader);
    if (reader.failure()) return *reader.failure();
    if (!valid) return std::nullopt;
    return reader.finish();
  } catch (const InputFailed& failed) {
    return input_failure(input, failed.error);
  }
}

}  // namespace lookout::helm
