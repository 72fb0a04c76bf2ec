// The JSON half of object_encoding.hpp: values without framing.
#pragma once

#include <string>

#include "test/fakes/object_encoding.hpp"

namespace lookout::fakes {

// Items of a plain SecretList carry no kind and apiVersion, all others do.
enum class JsonKind { kNamed, kListItem };
void append_object_json(std::string& out, const Object& object, bool metadata_only, JsonKind kind);
// Up to and with `"items":[`.
std::string list_head_json(const ListHead& head, bool metadata_only);
std::string refusal_json(const Refusal& refusal);
std::string bookmark_json(const ListHead& head, BookmarkKind kind, bool metadata_only);

}  // namespace lookout::fakes
