#include "lookout/encoding/yaml_events.hpp"

#include <yaml.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "lookout/base/check.hpp"

namespace lookout::encoding {
namespace {

std::string_view view_of(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

YamlEvent scalar_of(const yaml_event_t& event) {
  const auto& scalar = event.data.scalar;
  YamlEvent out{YamlEvent::Kind::kScalar};
  out.text = {reinterpret_cast<const char*>(scalar.value), scalar.length};
  out.anchor = view_of(scalar.anchor);
  out.tag = view_of(scalar.tag);
  out.plain = scalar.plain_implicit != 0;
  return out;
}

YamlEvent translated(const yaml_event_t& event) {
  using Kind = YamlEvent::Kind;
  switch (event.type) {
    case YAML_SCALAR_EVENT: return scalar_of(event);
    case YAML_ALIAS_EVENT: return {Kind::kAlias, view_of(event.data.alias.anchor)};
    case YAML_SEQUENCE_START_EVENT:
      return {Kind::kSequenceStart, {}, view_of(event.data.sequence_start.anchor)};
    case YAML_MAPPING_START_EVENT:
      return {Kind::kMappingStart, {}, view_of(event.data.mapping_start.anchor)};
    case YAML_SEQUENCE_END_EVENT: return {Kind::kSequenceEnd};
    case YAML_MAPPING_END_EVENT: return {Kind::kMappingEnd};
    case YAML_DOCUMENT_START_EVENT: return {Kind::kDocumentStart};
    case YAML_DOCUMENT_END_EVENT: return {Kind::kDocumentEnd};
    default: return {Kind::kStreamEnd};
  }
}

}  // namespace

struct YamlEvents::State {
  explicit State(YamlSource from) : source(std::move(from)) {
    LOOKOUT_CHECK(yaml_parser_initialize(&parser) == 1);
    yaml_parser_set_input(&parser, &State::read, this);
  }
  ~State() {
    yaml_event_delete(&raw);
    yaml_parser_delete(&parser);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  // libyaml's yaml_read_handler_t. Fills the buffer: libyaml looks for bad bytes in all that it
  // has been given, so what it makes of a text would depend on the source's pieces.
  static int read(void* state, unsigned char* out, std::size_t size, std::size_t* got) {
    auto& self = *static_cast<State*>(state);
    std::span<char> rest(reinterpret_cast<char*>(out), size);
    while (!rest.empty() && !self.at_end) {
      const Result<std::size_t> read = self.source(rest);
      if (!read) {
        self.source_error = read.error();
        return 0;
      }
      self.at_end = *read == 0;
      rest = rest.subspan(*read);
    }
    *got = size - rest.size();
    return 1;
  }

  Error failure() const {
    if (source_error) return *source_error;
    const std::size_t line = std::max(parser.problem_mark.line, parser.context_mark.line) + 1;
    // Constant texts of libyaml, nothing from the input.
    return {ErrorCode::kMalformed, "line " + std::to_string(line) + ": " +
                                       (parser.problem != nullptr ? parser.problem : "not YAML")};
  }

  YamlSource source;
  std::optional<Error> source_error;
  bool at_end = false;
  yaml_parser_t parser{};
  yaml_event_t raw{};
  YamlEvent event;
};

YamlEvents::YamlEvents(YamlSource source) : state_(std::make_unique<State>(std::move(source))) {}
YamlEvents::~YamlEvents() = default;

Result<void> YamlEvents::next() {
  State& state = *state_;
  do {
    yaml_event_delete(&state.raw);
    if (yaml_parser_parse(&state.parser, &state.raw) != 1) {
      state.raw = yaml_event_t{};
      state.event = {};
      return state.failure();
    }
  } while (state.raw.type == YAML_STREAM_START_EVENT);
  state.event = translated(state.raw);
  state.event.line = state.raw.start_mark.line + 1;
  return {};
}

const YamlEvent& YamlEvents::event() const {
  return state_->event;
}

}  // namespace lookout::encoding
