// The protobuf half of object_encoding.hpp: messages without framing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "test/fakes/object_encoding.hpp"

namespace lookout::fakes {

std::string object_message(const Object& object, bool metadata_only);
std::string list_meta_message(const ListHead& head);
std::string refusal_message(const Refusal& refusal);
std::string bookmark_message(const ListHead& head, BookmarkKind kind);

// "k8s\0" + Unknown, up to the first of `raw_bytes` bytes of field 2; envelope_tail() follows them.
std::string envelope_head(TypeName type, std::size_t raw_bytes);
std::string_view envelope_tail();
std::string envelope(TypeName type, std::string_view raw);

// 4 bytes big-endian length + WatchEvent.
std::string watch_frame(std::string_view type, std::string_view enveloped_object);

}  // namespace lookout::fakes
