// What one release Secret (or ConfigMap) says of itself without its payload.
// Source: Helm's pkg/storage/driver/{secrets,cfgmaps}.go.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lookout::helm {

// The object's metadata, as the API server sends it. Decoders reuse one instance
// and pass it by const reference: copy what must outlive the call.
struct SecretMeta {
  std::string ns;
  std::string name;  // sh.helm.release.v1.<release>.v<revision>
  std::string uid;
  std::string resource_version;  // opaque on the wire; a decimal number since Kubernetes 1.0
  std::vector<std::pair<std::string, std::string>> labels;
  std::int64_t created_seconds = 0;  // creationTimestamp, Unix; 0 when absent

  bool operator==(const SecretMeta&) const = default;

  // nullptr when the label is absent.
  const std::string* label(std::string_view key) const;
};

// Helm's nine, in the order of its source.
enum class Status : std::uint8_t {
  kUnknown,
  kDeployed,
  kUninstalled,
  kSuperseded,
  kFailed,
  kUninstalling,
  kPendingInstall,
  kPendingUpgrade,
  kPendingRollback,
};
inline constexpr int kStatusCount = 9;

// "pending-install" and so on, as in info.status and the label `status`.
std::string_view status_name(Status status);
// nullopt when the text is none of the nine.
std::optional<Status> parse_status(std::string_view text);

using Revision = std::uint32_t;  // 1 … 2^31-1

// A release: a name in a namespace (of the Secret, not of the payload).
struct ReleaseKey {
  std::string ns;
  std::string name;

  auto operator<=>(const ReleaseKey&) const = default;
};

// The release name and revision that a storage object's name stands for.
struct StorageName {
  std::string_view release;  // view into the name that was parsed
  Revision revision = 0;
};

// Why a name of a release-typed object is none: counted, never guessed at.
enum class IgnoredName : std::uint8_t { kBadName, kUnsupportedVersion };
inline constexpr int kIgnoredNameCount = 2;
std::string_view ignored_name_reason(IgnoredName reason);  // "bad_name", "unsupported_version"

// Canonical form only (no leading zero, 1 … 2^31-1); the revision is what follows
// the last ".v", so release names may hold dots and end in ".v2".
// Exactly one of the two is set.
struct ParsedName {
  std::optional<StorageName> name;
  IgnoredName ignored = IgnoredName::kBadName;
};
ParsedName parse_storage_name(std::string_view object_name);

// The inverse: "sh.helm.release.v1.<release>.v<revision>".
std::string storage_name(std::string_view release, Revision revision);

}  // namespace lookout::helm
