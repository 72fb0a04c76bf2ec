// What S3 states of an object's bytes (x-amz-checksum-crc32, -crc32c, -crc64nvme), held against
// those that came: before Content-Encoding is undone, as the object was stored.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/encoding/crc.hpp"
#include "lookout/http/message.hpp"

namespace lookout::repository {

// Nothing stated, a sum of another kind, or one of an upload's parts ("...-3"): nothing checked.
class BodyChecksum {
 public:
  explicit BodyChecksum(const http::Headers& headers);

  void take(std::string_view bytes);
  // kMalformed. After the last take().
  Result<void> finish() const;

 private:
  std::optional<encoding::Crc> crc_;
  std::string stated_;
};

}  // namespace lookout::repository
