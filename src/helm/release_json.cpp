#include "src/helm/release_json.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <utility>

#include "src/helm/character_iterator.hpp"
#include "src/helm/release_reader.hpp"

namespace lookout::helm {
namespace {

using nlohmann::json;

// Leaves the parser when the source failed. Told "end of input" instead, it would build a
// message out of the whole token, which may be megabytes.
struct SourceFailed {};

class Characters {
 public:
  explicit Characters(PayloadSource& source) : source_(source) {}

  bool more() {
    if (source_.more()) return true;
    if (source_.failure()) throw SourceFailed();
    return false;
  }
  char peek() const { return source_.peek(); }
  void skip() { source_.skip(); }

 private:
  PayloadSource& source_;
};

// nlohmann's SAX interface over ReleaseReader.
class Events {
 public:
  explicit Events(ReleaseReader& reader) : reader_(reader) {}

  bool null() { return reader_.null(); }
  bool boolean(bool value) { return reader_.boolean(value); }
  bool number_integer(json::number_integer_t) { return reader_.negative(); }
  bool number_unsigned(json::number_unsigned_t value) { return reader_.unsigned_number(value); }
  bool number_float(json::number_float_t, const std::string&) { return reader_.other_number(); }
  bool string(std::string& value) { return reader_.string(value); }
  bool binary(json::binary_t&) { return false; }
  bool start_object(std::size_t) { return reader_.start_object(); }
  bool key(std::string& name) { return reader_.key(name); }
  bool end_object() { return reader_.end_object(); }
  bool start_array(std::size_t) { return reader_.start_array(); }
  bool end_array() { return reader_.end_array(); }
  bool parse_error(std::size_t, const std::string&, const json::exception&) { return false; }

 private:
  ReleaseReader& reader_;
};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Whether nothing but white space follows the document.
bool ends_here(PayloadSource& source, bool is_number) {
  // A number is over only at the next character, which the parser has taken.
  const std::string_view last = source.last(1);
  if (is_number && !last.empty() && (last.front() < '0' || last.front() > '9')) source.unskip();
  while (source.more()) {
    if (!is_space(source.peek())) return false;
    source.skip();
  }
  return !source.failure();
}

// Whether the document is well-formed up to where reading stopped.
bool parse(PayloadSource& source, ReleaseReader& reader) {
  constexpr char kByteOrderMark = '\xef';  // its first byte; no JSON text starts with it
  if (!source.more() || source.peek() == kByteOrderMark) return false;
  using Iterator = CharacterIterator<Characters>;
  Characters characters(source);
  Events events(reader);
  try {
    if (!json::sax_parse(Iterator(&characters), Iterator(nullptr), &events,
                         json::input_format_t::json, false)) {
      return reader.stopped();
    }
  } catch (const SourceFailed&) {
    return false;
  } catch (const json::exception&) {
    return false;
  }
  return ends_here(source, reader.is_number());
}

}  // namespace

DecodeOutcome read_release_json(PayloadSource& source, DecodeMode mode,
                                const DecodeLimits& limits) {
  ReleaseReader reader(source, mode, limits);
  const bool well_formed = parse(source, reader);
  if (reader.stopped()) return reader.facts();
  if (!well_formed && mode == DecodeMode::kVerify) source.drain();
  if (source.failure()) return *source.failure();
  if (!well_formed) {
    const Undecodable refused = reader.refused().value_or(Undecodable::kBadJson);
    // A wrong type alone ends only DecodeMode::kStop; otherwise it was syntax that did.
    const bool syntax = refused == Undecodable::kWrongType && mode == DecodeMode::kVerify;
    return syntax ? Undecodable::kBadJson : refused;
  }
  if (reader.refused()) return *reader.refused();
  return reader.facts();
}

}  // namespace lookout::helm
