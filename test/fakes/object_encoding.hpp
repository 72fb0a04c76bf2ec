// Objects, lists, watch events and Status as the API server writes them, in JSON and
// in protobuf (envelope "k8s\0" + runtime.Unknown), whole or as PartialObjectMetadata.
// Field numbers and order: k8s.io/apimachinery and k8s.io/api generated.proto; the
// empty fields that Go writes all the same are written too.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "test/fakes/object_store.hpp"

namespace lookout::fakes {

// What Accept was settled on.
struct Representation {
  bool protobuf = false;
  bool metadata_only = false;
  bool pretty = false;  // JSON only

  std::string_view content_type() const;
  std::string_view watch_content_type() const;
};

struct TypeName {
  std::string_view api_version;
  std::string_view kind;
};
TypeName object_type(Resource resource, bool metadata_only);
TypeName list_type(Resource resource, bool metadata_only);
// metadata.managedFields[].fieldsV1 of a release Secret: 42 % of a metadata answer is this.
std::string_view managed_fields();

struct ListHead {
  Resource resource = Resource::kSecrets;
  std::uint64_t resource_version = 0;
  std::string continue_token;
  std::uint64_t remaining_items = 0;  // 0: left out
};

// metav1.Status with status "Failure".
struct Refusal {
  int code = 500;
  std::string reason;
  std::string message;
  std::optional<std::uint32_t> retry_after_seconds;  // details and header
  std::string continue_token;
  std::string cause_reason;
  std::string cause_message;
};

std::string encode_object(const Object& object, const Representation& as);
std::string encode_refusal(const Refusal& refusal, const Representation& as);

// Pieces go out as they are ready; false from `out` ends it. A metadata list is one
// piece, as on every real server; a whole list comes in pieces of about 64 KiB.
using PieceSink = std::function<bool(std::string_view)>;
bool encode_list(const ListHead& head, const std::vector<ObjectPtr>& items,
                 const Representation& as, const PieceSink& out);

// `type` is "ADDED", "MODIFIED" or "DELETED".
std::string encode_event(std::string_view type, const Object& object, const Representation& as);
enum class BookmarkKind { kPlain, kInitialEventsEnd };
std::string encode_bookmark(const ListHead& head, BookmarkKind kind, const Representation& as);
std::string encode_error_event(const Refusal& refusal, const Representation& as);

}  // namespace lookout::fakes
