#include "src/repository/body_checksum.hpp"

#include <array>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/encoding/base64.hpp"

namespace lookout::repository {
namespace {

using encoding::CrcKind;

constexpr std::array<std::pair<std::string_view, CrcKind>, 3> kFields = {
    {{"x-amz-checksum-crc64nvme", CrcKind::kCrc64Nvme},
     {"x-amz-checksum-crc32c", CrcKind::kCrc32c},
     {"x-amz-checksum-crc32", CrcKind::kCrc32}}};

}  // namespace

BodyChecksum::BodyChecksum(const http::Headers& headers) {
  for (const auto& [name, kind] : kFields) {
    const std::string* const field = headers.find(name);
    if (field == nullptr || field->find('-') != std::string::npos) continue;
    crc_.emplace(kind);
    stated_ = trim(*field);
    return;
  }
}

void BodyChecksum::take(std::string_view bytes) {
  if (crc_) crc_->take(bytes);
}

Result<void> BodyChecksum::finish() const {
  if (!crc_ || encoding::base64_encode(crc_->bytes()) == stated_) return {};
  return Error{ErrorCode::kMalformed, "body: not what the checksum in its headers is of"};
}

}  // namespace lookout::repository
