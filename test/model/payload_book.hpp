// Payloads as Helm writes them, and what each of them says: known because we wrote it, so that
// no decoder stands between the server's objects and what is expected of them.
//
// Wire format: base64(gzip(JSON)), or the JSON itself as Helm wrote it before it compressed.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "test/fakes/object_store.hpp"

namespace lookout::model {

using fakes::ObjectKey;
using fakes::ObjectPtr;

// How the writer wrote: Helm 3, Helm 4, before gzip, or with parts missing that Helm leaves out
// or once did.
enum class Style {
  kHelm3,
  kHelm4,
  kUncompressed,
  kNoMetadata,
  kNoInfo,
  kNoTimes,
  kNoAppVersion,
  kOddStatus,  // none of Helm's nine
};
inline constexpr int kStyleCount = 8;

// What is wrong with a payload; the first six are the reasons of helm_release_undecodable.
enum class Damage { kEmpty, kNoReleaseKey, kBase64, kGzip, kBadJson, kWrongType, kLate };
inline constexpr int kDamageCount = 7;
// "empty", ...; "late": the CRC, which a reader that stops early does not see.
std::string_view damage_name(Damage damage);

struct Payload {
  Style style = Style::kHelm3;
  std::string release;
  std::string ns;
  std::uint32_t revision = 1;
  std::string status;  // as meant; what the payload says depends on its style
  std::string chart;
  std::string chart_version;
  std::string app_version;
  std::int64_t first_deployed_seconds = 0;  // Unix
  std::int64_t last_deployed_seconds = 0;
  std::optional<Damage> damage = std::nullopt;
};

class PayloadBook {
 public:
  using Bytes = std::shared_ptr<const std::string>;

  Bytes write(const Payload& payload);
  // The same, damaged; null for kNoReleaseKey. `object` can be repaired later.
  Bytes spoil(const ObjectPtr& object, Damage damage);
  // What `object` held before it was spoiled; null when it was not.
  Bytes unspoiled(const fakes::Object& object) const;

  // What an object's payload says. REQUIRES: it was written or spoiled here.
  const Payload& read(const fakes::Object& object) const;

 private:
  std::map<std::string, Payload> written_;  // by their bytes
  std::map<std::string, Bytes> unspoiled_;  // by uid
};

}  // namespace lookout::model
