// Any bytes as docker's config.json or a credential program's answer: read or refused in one line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/repository/docker_config.hpp"
#include "src/repository/oci_login.hpp"
#include "src/repository/oci_token.hpp"

using namespace lookout::repository;

namespace {

template <class T>
bool judged(const lookout::Result<T>& result) {
  if (result.ok()) return true;
  const std::string& message = result.error().message;
  if (message.empty() || message.find('\n') != std::string::npos) std::abort();
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto config = parse_docker_config(text);
  if (judged(config)) {
    if (config->auths.size() + config->programs.size() > kDockerConfigEntriesMax) std::abort();
    for (const auto& entry : config->auths) {
      const auto login = find_login(*config, entry.key.host, entry.key.path);
      if (judged(login) && !*login) std::abort();
      static_cast<void>(credential_program(*config, entry.key.host));
    }
  }
  const auto login = parse_program_login(text);
  if (judged(login) && login->anonymous()) std::abort();
  const auto token = parse_token(text);
  if (judged(token) && token->value.find_first_of(" \r\n") != std::string::npos) std::abort();
  return 0;
}
