// Incremental decoders of what the API server sends about objects' metadata:
// PartialObjectMetadataList pages and watch streams of PartialObjectMetadata, in
// protobuf or JSON. Push: feed() takes bytes cut anywhere; memory is one item.
//
// Protobuf: "k8s\0" + runtime.Unknown{1 typeMeta{1 apiVersion, 2 kind}, 2 raw}; raw =
// PartialObjectMetadataList{1 ListMeta{2 resourceVersion, 3 continue, 4 remaining}, 2 items},
// item {1 ObjectMeta{1 name, 3 namespace, 5 uid, 6 resourceVersion, 8 creationTimestamp{1 seconds},
// 11 labels{1 key, 2 value}, 12 annotations}}. Watch: frames of 4 bytes big-endian length +
// WatchEvent{1 type, 2 RawExtension{1 raw = enveloped object}}.
// JSON: framed by JSON value, never by line (servers pretty-print for some clients).
// Source: k8s.io/apimachinery generated.proto, and answers captured from API server 1.36.
//
// Not thread-safe; one decoder a response.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/helm/secret_meta.hpp"
#include "lookout/kube/status.hpp"

namespace lookout::kube {

enum class WireFormat { kProtobuf, kJson };

// By the response's media type; kMalformed "unexpected content type ..." for others
// (an HTML login page, text/plain of a 406).
Result<WireFormat> wire_format(std::string_view media_type);

struct DecoderLimits {
  std::size_t item_bytes_max = 8U << 20;  // one item or watch frame; kTooLarge past it
  std::size_t json_depth_max = 128;
};

struct ListEnd {
  std::string resource_version;
  std::string continue_token;  // "" on the last page
};

class MetadataListDecoder {
 public:
  using ItemSink = std::function<void(const helm::SecretMeta&)>;

  MetadataListDecoder(WireFormat format, ItemSink sink, DecoderLimits limits = {});
  ~MetadataListDecoder();
  MetadataListDecoder(MetadataListDecoder&&) noexcept;

  // kMalformed: not a PartialObjectMetadataList (a Table, another kind, bad JSON or wire);
  // kTooLarge. After an error only destruction is allowed.
  Result<void> feed(std::string_view bytes);
  // kMalformed when the list is not complete or has no resourceVersion.
  Result<ListEnd> finish();

  class Format;

 private:
  std::unique_ptr<Format> format_;
};

struct WatchEvent {
  enum class Type { kAdded, kModified, kDeleted, kBookmark, kError };
  Type type;
  helm::SecretMeta object;         // kBookmark: only resource_version is set
  bool initial_events_end = false; // kBookmark with annotation k8s.io/initial-events-end
  Status status;                   // kError
};

class WatchDecoder {
 public:
  // The event is reused: copy what must outlive the call. An error from the sink ends feed().
  using EventSink = std::function<Result<void>(const WatchEvent&)>;
  // Unknown event types, foreign kinds, objects without metadata: skipped and counted.
  WatchDecoder(WireFormat format, EventSink sink, DecoderLimits limits = {});
  ~WatchDecoder();
  WatchDecoder(WatchDecoder&&) noexcept;

  Result<void> feed(std::string_view bytes);
  // kMalformed when the stream ended inside an event.
  Result<void> finish();
  std::uint64_t skipped_events() const;

  class Format;

 private:
  std::unique_ptr<Format> format_;
};

}  // namespace lookout::kube
