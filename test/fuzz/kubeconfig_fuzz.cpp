// A kubeconfig is read or refused in one line; what is resolved can be sent.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/kube/kubeconfig.hpp"
#include "src/kube/request_headers.hpp"

using lookout::kube::ClusterConfig;

namespace {

void check_message(const lookout::Error& error) {
  if (error.code != lookout::ErrorCode::kInvalid) std::abort();
  if (error.message.empty() || error.message.find('\n') != std::string::npos) std::abort();
}

void check_headers(const ClusterConfig& config) {
  const auto headers = lookout::kube::request_headers("*/*", config.token, config);
  for (const auto& [name, value] : headers.fields()) {
    const auto control = [](char c) { return c < ' ' || c == '\x7f'; };
    if (std::any_of(name.begin(), name.end(), control)) std::abort();
    if (std::any_of(value.begin(), value.end(), control)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  auto config = lookout::kube::parse_kubeconfig(text, "/folder/config");
  if (!config.ok()) {
    check_message(config.error());
    return 0;
  }
  lookout::kube::Kubeconfig merged = *config;
  merge_kubeconfig(merged, *config);
  if (merged.contexts.size() != config->contexts.size()) std::abort();
  for (const auto& context : merged.contexts) {
    const auto resolved = resolve_context(merged, context.first);
    if (resolved.ok()) {
      check_headers(*resolved);
    } else {
      check_message(resolved.error());
    }
  }
  return 0;
}
