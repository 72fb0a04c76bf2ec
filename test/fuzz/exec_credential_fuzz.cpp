// What a plugin prints becomes a credential that can be sent, or one line that quotes nothing.
// The answer of GET /version is read beside it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"
#include "lookout/kube/server_version.hpp"

#include "src/kube/credential_text.hpp"
#include "src/kube/exec_credential.hpp"

using namespace lookout;

namespace {

constexpr std::string_view kCanary = "canary-in-the-mine";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  for (const std::string version : {"v1", "v1beta1"}) {
    const auto read = kube::parse_exec_credential(text, "client.authentication.k8s.io/" + version);
    if (!read) {
      LOOKOUT_CHECK(read.error().code == ErrorCode::kMalformed);
      LOOKOUT_CHECK(read.error().message.find(kCanary) == std::string::npos);
      continue;
    }
    LOOKOUT_CHECK(!read->token.empty() || !read->client_cert_pem.empty());
    LOOKOUT_CHECK(read->client_cert_pem.empty() == read->client_key_pem.empty());
    LOOKOUT_CHECK(read->token.empty() || kube::looks_like_token(read->token));
  }
  const auto version = kube::parse_server_version(text);
  LOOKOUT_CHECK(version || version.error().message.find(kCanary) == std::string::npos);
  return 0;
}
