// Helm's stored release: from the payload to the few facts we publish.
//
// Wire format (Helm 3 and 4, pkg/storage/driver/util.go): JSON → gzip → standard
// base64 with padding. Kubernetes adds a second base64 on a Secret's `data` in
// JSON, none in protobuf and none in a ConfigMap's `data`. Without the gzip magic
// 1f 8b 08 (releases written before Helm compressed them) the bytes are JSON as they are.
//
// Go writes name, info, chart.metadata first, so DecodeMode::kStop inflates only
// that prefix.
//
// Undecodable is what Helm 3.22's decoder refuses (test/helm/oracle), and beyond that: what
// exceeds DecodeLimits, invalid UTF-8, lone surrogates and numbers beyond a double (kBadJson;
// Go replaces or skips them), and times longer than 126 characters (kTooLarge). Case by case:
// docs/decoding.md.
//
// Pure: no I/O, no clock, no threads of its own; any thread may call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "lookout/helm/secret_meta.hpp"

namespace lookout::helm {

enum class DecodeMode {
  kStop,    // stop as soon as the wanted fields are in; damage behind them goes unseen
  kVerify,  // read everything, check the CRC: Helm's own verdict
};

// How many base64 layers lie around the gzip.
enum class PayloadEncoding {
  kBase64,        // Helm's own only: protobuf answers, ConfigMaps
  kDoubleBase64,  // Helm's inside Kubernetes': JSON answers of Secrets
};

// Closed: values of the label `reason` of helm_release_undecodable.
enum class Undecodable : std::uint8_t {
  kEmpty,         // data.release is ""
  kNoReleaseKey,  // no data.release
  kBase64,
  kGzip,          // bad header, deflate data, CRC, size, or cut
  kTooLarge,      // a limit of DecodeLimits
  kBadJson,       // not JSON, cut, too deep, not UTF-8
  kWrongType,     // JSON, but not of the types Helm's structs have
};
inline constexpr int kUndecodableCount = 7;
std::string_view undecodable_reason(Undecodable reason);  // "empty", "no_release_key", ...

struct DecodeLimits {
  std::size_t inflated_bytes_max = 64U << 20;  // a 1 MiB Secret can inflate to 800 MB
  std::size_t json_depth_max = 10'000;         // encoding/json's own
  std::size_t string_bytes_max = 1U << 20;     // of a field we keep
  std::size_t token_bytes_max = 8U << 20;      // of any string, or of text between two strings
};

// Facts of one payload. Absent means that the payload does not have them.
struct ReleaseFacts {
  std::optional<Status> status;  // info.status, when it is one of Helm's nine
  bool has_chart_metadata = false;
  std::string chart;          // chart.metadata.name
  std::string chart_version;  // chart.metadata.version
  std::string app_version;    // chart.metadata.appVersion
  bool deprecated = false;    // chart.metadata.deprecated
  std::optional<std::int64_t> first_deployed_seconds;  // Unix
  std::optional<std::int64_t> last_deployed_seconds;

  bool operator==(const ReleaseFacts&) const = default;
};

using DecodeOutcome = std::variant<ReleaseFacts, Undecodable>;

// `payload` is the value of data.release with `encoding` around it.
DecodeOutcome decode_release(std::string_view payload, PayloadEncoding encoding, DecodeMode mode,
                             const DecodeLimits& limits = {});

// Bytes of data.release without Kubernetes' base64: what the limit of 1,048,576
// bytes counts. Computed from the length alone.
std::size_t storage_bytes(std::string_view payload, PayloadEncoding encoding);

}  // namespace lookout::helm
