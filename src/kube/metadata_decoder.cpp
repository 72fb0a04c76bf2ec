#include "lookout/kube/metadata_decoder.hpp"

#include "lookout/base/text.hpp"

namespace lookout::kube {

Result<WireFormat> wire_format(std::string_view media_type) {
  if (media_type == "application/vnd.kubernetes.protobuf") return WireFormat::kProtobuf;
  if (media_type == "application/json") return WireFormat::kJson;
  return Error{ErrorCode::kMalformed, "unexpected content type " + quote_bounded(media_type)};
}

}  // namespace lookout::kube
