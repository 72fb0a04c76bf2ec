#include "src/kube/status_protobuf.hpp"

#include <limits>

#include "lookout/encoding/protobuf_wire.hpp"

#include "src/kube/object_protobuf.hpp"
#include "src/kube/status_causes.hpp"

namespace lookout::kube {
namespace {

using encoding::ProtobufField;
using encoding::ProtobufReader;
using encoding::ProtobufType;

// int32 on the wire; a negative one is as good as absent.
std::uint32_t non_negative(const ProtobufField& field) {
  const bool fits = field.varint <= std::uint64_t{std::numeric_limits<std::int32_t>::max()};
  return fits ? static_cast<std::uint32_t>(field.varint) : 0;
}

bool read_cause(std::string_view message, StatusCauses& causes) {
  std::string_view reason;
  std::string_view text;
  ProtobufReader reader(message);
  for (ProtobufField field; reader.next(field);) {
    if (field.is(1, ProtobufType::kBytes)) reason = field.bytes;
    if (field.is(2, ProtobufType::kBytes)) text = field.bytes;
  }
  causes.add(reason, text);
  return !reader.failed();
}

bool read_details(std::string_view message, Status& status, StatusCauses& causes) {
  ProtobufReader reader(message);
  for (ProtobufField field; reader.next(field);) {
    if (field.is(4, ProtobufType::kBytes) && !read_cause(field.bytes, causes)) return false;
    if (field.is(5, ProtobufType::kVarint) && non_negative(field) > 0) {
      status.retry_after_seconds = non_negative(field);
    }
  }
  return !reader.failed();
}

bool read_metadata(std::string_view message, Status& status) {
  std::optional<ListEnd> meta = read_list_meta(message);
  if (meta) status.continue_token = std::move(meta->continue_token);
  return meta.has_value();
}

bool read_field(const ProtobufField& field, Status& status, StatusCauses& causes) {
  if (field.is(6, ProtobufType::kVarint)) status.code = static_cast<int>(non_negative(field));
  if (field.type != ProtobufType::kBytes) return true;
  switch (field.number) {
    case 1: return read_metadata(field.bytes, status);
    case 3: status.message.assign(field.bytes); return true;
    case 4: status.reason.assign(field.bytes); return true;
    case 5: return read_details(field.bytes, status, causes);
    default: return true;
  }
}

}  // namespace

std::optional<Status> read_status_protobuf(std::string_view message) {
  Status status;
  StatusCauses causes;
  ProtobufReader reader(message);
  for (ProtobufField field; reader.next(field);) {
    if (!read_field(field, status, causes)) return std::nullopt;
  }
  if (reader.failed()) return std::nullopt;
  status.resource_version_too_large = causes.resource_version_too_large(status);
  return status;
}

}  // namespace lookout::kube
