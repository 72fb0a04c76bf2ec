#include <cstdint>

#include "lookout/base/check.hpp"
#include "lookout/kube/status.hpp"

using namespace lookout;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(input), size);
  const auto status = kube::parse_status(body);
  const Error error = kube::error_from_response({500, {}}, body);
  // Two quotes of 64 bytes, each byte as \xNN at most.
  LOOKOUT_CHECK(error.message.size() < 700);
  if (status) LOOKOUT_CHECK(!kube::error_from_status(*status).message.empty());
  return 0;
}
