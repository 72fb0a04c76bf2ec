// Encodes objects, lists and watch events as an API server does, in both formats, for the
// decoders' tests: small, and wrong on request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lookout/helm/secret_meta.hpp"
#include "lookout/kube/metadata_decoder.hpp"

namespace lookout::kube::wire {

// Protobuf, one field at a time; the pieces concatenate to messages.
std::string varint(std::uint64_t value);
std::string number_field(std::uint32_t number, std::uint64_t value);
std::string bytes_field(std::uint32_t number, std::string_view content);
std::string envelope(std::string_view api_version, std::string_view kind, std::string_view raw);
std::string frame(std::string_view event);

std::string json_string(std::string_view text);

using Annotations = std::vector<std::pair<std::string, std::string>>;

struct Object {
  helm::SecretMeta meta;
  std::optional<std::string> release;  // as on the wire in JSON; protobuf takes it as it is
  Annotations annotations;
};

// Whole answers.
std::string metadata_list(WireFormat format, const std::vector<Object>& objects,
                          const ListEnd& end);
std::string payload_list(WireFormat format, std::string_view kind,
                         const std::vector<Object>& objects);
std::string single(WireFormat format, std::string_view kind, const Object& object);
std::string watch_event(WireFormat format, std::string_view type, const Object& object);

// The objects alone, for answers put together by hand.
std::string protobuf_object(const Object& object);
std::string json_object(const Object& object, std::string_view kind_members);

helm::SecretMeta sample_meta(const std::string& name = "sh.helm.release.v1.redis.v1");

}  // namespace lookout::kube::wire
