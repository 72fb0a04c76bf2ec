// An answer of STS is read or refused; what is read can be sent, what is refused is not quoted.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lookout/encoding/xml.hpp"

#include "src/aws/source_context.hpp"
#include "src/aws/sts_answer.hpp"

namespace {

std::size_t depth_of(const lookout::encoding::Xml& element) {
  std::size_t below = 0;
  for (const auto& child : element.children) below = std::max(below, depth_of(child));
  return below + 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  const auto document = lookout::encoding::parse_xml(body);
  if (document.ok() && depth_of(*document) > lookout::encoding::XmlLimits().depth_max) {
    std::abort();
  }
  const auto credentials = lookout::aws::parse_sts_credentials(body, "AssumeRole");
  if (credentials.ok()) {
    if (!lookout::aws::is_usable(*credentials) || !credentials->expires_at) std::abort();
  } else if (credentials.error().message.size() > 200) {
    std::abort();
  }
  if (lookout::aws::sts_error_code(body).size() > 64) std::abort();
  return 0;
}
