#include "lookout/http/message.hpp"

namespace lookout::http {
namespace {

#if defined(__x86_64__)
constexpr const char* kPlatform = "linux/amd64";
#elif defined(__aarch64__)
constexpr const char* kPlatform = "linux/arm64";
#else
constexpr const char* kPlatform = "linux/other";
#endif

}  // namespace

std::string user_agent() {
  return std::string("helm-lookout/") + LOOKOUT_VERSION + " (" + kPlatform + ")";
}

}  // namespace lookout::http
