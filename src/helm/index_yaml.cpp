#include <string>
#include <utility>

#include "lookout/encoding/yaml_events.hpp"

#include "src/helm/index_aliases.hpp"
#include "src/helm/index_formats.hpp"
#include "src/helm/index_reader.hpp"
#include "src/helm/index_scalar.hpp"

namespace lookout::helm {
namespace {

bool feed_key(IndexReader& reader, const IndexEvent& event) {
  const IndexScalar key = resolve_scalar(event.text, event.tag, event.plain);
  using Kind = IndexScalar::Kind;
  if (key.kind == Kind::kString) return reader.key(key.text);
  if (key.kind == Kind::kNull || key.kind == Kind::kConflict) return reader.unusable_key();
  return reader.key(key_text(key));
}

bool feed(IndexReader& reader, const IndexEvent& event) {
  switch (event.kind) {
    case IndexEvent::Kind::kKey: return feed_key(reader, event);
    case IndexEvent::Kind::kScalar:
      return reader.scalar(resolve_scalar(event.text, event.tag, event.plain));
    case IndexEvent::Kind::kUnusableKey: return reader.unusable_key();
    case IndexEvent::Kind::kListStart: return reader.start_list();
    case IndexEvent::Kind::kMappingStart: return reader.start_mapping();
    default: return reader.end();
  }
}

IndexFailure at_line(std::size_t line, IndexFailure failure) {
  failure.error.message = "line " + std::to_string(line) + ": " + failure.error.message;
  return failure;
}

}  // namespace

IndexOutcome read_yaml_index(IndexInput& input, const IndexLimits& limits) {
  std::optional<Error> input_error;
  encoding::YamlEvents events([&](std::span<char> out) {
    Result<std::size_t> size = input.read(out);
    if (!size) input_error = size.error();
    return size;
  });
  IndexAliases resolved(events, limits);
  IndexReader reader(IndexFormat::kYaml, limits);
  for (;;) {
    if (!resolved.next()) {
      if (input_error) return input_failure(input, *input_error);
      return *resolved.failure();
    }
    input.start_token();
    const IndexEvent& event = resolved.event();
    if (event.kind == IndexEvent::Kind::kNoDocument) {
      return index_failure(IndexDefect::kEmpty, "empty: white space and comments alone");
    }
    if (event.kind == IndexEvent::Kind::kDocumentEnd) break;
    if (!feed(reader, event)) return at_line(resolved.line(), *reader.failure());
  }
  const Result<void> rest = input.drain();
  if (!rest) return input_failure(input, rest.error());
  return reader.finish();
}

}  // namespace lookout::helm
