#include "src/kube/object_protobuf.hpp"

#include "lookout/encoding/protobuf_wire.hpp"

namespace lookout::kube {
namespace {

using encoding::ProtobufField;
using encoding::ProtobufReader;
using encoding::ProtobufType;

enum class Outcome { kOk, kDamaged, kTooManyLabels };

// Calls visit(field) for each field; visit returns false for a field it cannot take.
template <class Visit>
bool each_field(std::string_view message, Visit visit) {
  ProtobufReader reader(message);
  ProtobufField field;
  while (reader.next(field)) {
    if (!visit(field)) return false;
  }
  return !reader.failed();
}

// A known field of another wire type is damage, as it is for Go.
bool take_bytes(const ProtobufField& field, std::string_view& out) {
  out = field.bytes;
  return field.type == ProtobufType::kBytes;
}

bool assign_bytes(const ProtobufField& field, std::string& out) {
  out.assign(field.bytes);
  return field.type == ProtobufType::kBytes;
}

// Two fields 1 and 2 of bytes, which is what most small messages are.
struct Pair {
  std::string_view first;
  std::string_view second;
};
bool read_pair(std::string_view message, Pair& out) {
  return each_field(message, [&out](const ProtobufField& field) {
    if (field.number == 1) return take_bytes(field, out.first);
    if (field.number == 2) return take_bytes(field, out.second);
    return true;
  });
}

bool read_timestamp(const ProtobufField& time, std::int64_t& seconds) {
  if (time.type != ProtobufType::kBytes) return false;
  return each_field(time.bytes, [&seconds](const ProtobufField& field) {
    if (field.number != 1) return true;
    seconds = static_cast<std::int64_t>(field.varint);
    return field.type == ProtobufType::kVarint;
  });
}

bool read_annotation(const ProtobufField& field, ObjectParts& parts) {
  // Annotations can be long; one that is as long as the wanted one is worth reading.
  constexpr std::size_t kWantedBytesMax = kInitialEventsEnd.size() + 16;
  if (field.type != ProtobufType::kBytes) return false;
  if (field.bytes.size() > kWantedBytesMax) return true;
  Pair pair;
  if (!read_pair(field.bytes, pair)) return false;
  if (pair.first == kInitialEventsEnd) parts.initial_events_end = pair.second == "true";
  return true;
}

bool read_label(const ProtobufField& field, LabelWriter& labels, Outcome& outcome) {
  Pair pair;
  if (field.type != ProtobufType::kBytes || !read_pair(field.bytes, pair)) return false;
  if (labels.add(pair.first, pair.second)) return true;
  outcome = Outcome::kTooManyLabels;
  return false;
}

Outcome read_object_meta(std::string_view message, ObjectParts& parts) {
  helm::SecretMeta& meta = parts.meta;
  LabelWriter labels(meta);
  Outcome outcome = Outcome::kDamaged;
  const bool whole = each_field(message, [&](const ProtobufField& field) {
    switch (field.number) {
      case 1: return assign_bytes(field, meta.name);
      case 3: return assign_bytes(field, meta.ns);
      case 5: return assign_bytes(field, meta.uid);
      case 6: return assign_bytes(field, meta.resource_version);
      case 8: return read_timestamp(field, meta.created_seconds);
      case 11: return read_label(field, labels, outcome);
      case 12: return read_annotation(field, parts);
      default: return true;
    }
  });
  return whole ? Outcome::kOk : outcome;
}

bool read_payload_entry(const ProtobufField& field, ObjectParts& parts) {
  Pair pair;
  if (field.type != ProtobufType::kBytes || !read_pair(field.bytes, pair)) return false;
  if (pair.first == "release") parts.release = pair.second;
  return true;
}

Error object_error(Outcome outcome) {
  if (outcome == Outcome::kTooManyLabels) {
    return {ErrorCode::kTooLarge,
            "an object has more than " + std::to_string(kLabelsMax) + " labels"};
  }
  return {ErrorCode::kMalformed, "an object is damaged protobuf"};
}

}  // namespace

std::optional<TypeMeta> read_type_meta(std::string_view message) {
  Pair pair;
  if (!read_pair(message, pair)) return std::nullopt;
  return TypeMeta{pair.first, pair.second};
}

std::optional<Envelope> read_envelope(std::string_view bytes) {
  if (bytes.substr(0, kProtobufMagic.size()) != kProtobufMagic) return std::nullopt;
  Pair unknown;
  if (!read_pair(bytes.substr(kProtobufMagic.size()), unknown)) return std::nullopt;
  const std::optional<TypeMeta> type = read_type_meta(unknown.first);
  if (!type) return std::nullopt;
  return Envelope{*type, unknown.second};
}

std::optional<ListEnd> read_list_meta(std::string_view message) {
  ListEnd end;
  const bool whole = each_field(message, [&end](const ProtobufField& field) {
    if (field.number == 2) return assign_bytes(field, end.resource_version);
    if (field.number == 3) return assign_bytes(field, end.continue_token);
    return true;
  });
  if (!whole) return std::nullopt;
  return end;
}

Result<void> read_object(std::string_view message, ObjectParts& parts) {
  parts.clear();
  Outcome outcome = Outcome::kDamaged;
  const bool whole = each_field(message, [&](const ProtobufField& field) {
    if (field.number == 1) {
      if (field.type != ProtobufType::kBytes) return false;
      parts.has_metadata = true;
      const Outcome meta = read_object_meta(field.bytes, parts);
      if (meta != Outcome::kOk) outcome = meta;
      return meta == Outcome::kOk;
    }
    return field.number != 2 || read_payload_entry(field, parts);
  });
  if (!parts.has_metadata) parts.meta.labels.clear();
  if (!whole) return object_error(outcome);
  return {};
}

std::optional<WatchEnvelope> read_watch_event(std::string_view message) {
  Pair event;
  Pair extension;
  if (!read_pair(message, event) || !read_pair(event.second, extension)) return std::nullopt;
  return WatchEnvelope{event.first, extension.first};
}

}  // namespace lookout::kube
