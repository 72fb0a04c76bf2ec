// The Authorization that a registry asks for, learnt from its 401s and kept until it expires.
//
// Basic is remembered for the registry, tokens by scope. Credentials reach the realm of a
// Bearer challenge only over https, or on the registry's own host; never a metadata service,
// nor loopback unless the registry is there too. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "lookout/base/clock.hpp"
#include "lookout/http/message.hpp"
#include "lookout/repository/scan.hpp"

#include "src/repository/oci_challenge.hpp"
#include "src/repository/oci_failure.hpp"
#include "src/repository/oci_login.hpp"
#include "src/repository/oci_token.hpp"
#include "src/repository/transport_set.hpp"

namespace lookout::repository {

// What a request is for: some registries (Azure) want another scope for tags than for content.
struct OciPurpose {
  enum class Kind : std::uint8_t { kTags, kContent };
  std::string repository;  // "team/app"
  Kind kind = Kind::kTags;

  auto operator<=>(const OciPurpose&) const = default;
};

class OciAuthorizer {
 public:
  static constexpr std::size_t kTokensMax = 1'000;  // more: all are forgotten

  // All outlive this. REQUIRES: source is settings.source
  OciAuthorizer(const OciSource& source, const ScanContext& context, TransportSet& transports);

  // Files and credential programs are asked again, once, when the registry refuses us.
  void start_scan() { login_.reset(); }

  // "" = nothing, as long as nothing was asked for.
  std::string authorization(const OciPurpose& purpose) const;

  // After the 401 `refusal` of `url`, which carried authorization(purpose): a better one, or why
  // there is none. nullopt: send it once more.
  std::optional<Failed> renew(const http::Url& url, const http::ResponseHead& refusal,
                              const OciPurpose& purpose, std::stop_token stop);

 private:
  struct HeldToken {
    std::string value;
    MonoTime expires_at;
  };

  std::optional<Failed> use_fixed(std::string value, const http::Url& url,
                                  const http::ResponseHead& refusal);
  std::optional<Failed> fetch_token(const http::Url& url, const Challenge& challenge,
                                    const OciPurpose& purpose, std::stop_token stop);
  Fetched<RegistryToken> ask_for_token(const http::Url& url, const TokenQuestion& question,
                                       std::stop_token stop);

  const OciSource& source_;
  const ScanContext& context_;
  TransportSet& transports_;
  std::optional<RegistryLogin> login_;
  std::string fixed_;                         // whole header value, for every scope
  std::map<OciPurpose, std::string> scopes_;  // as the registry asked for them
  std::map<std::string, HeldToken> tokens_;   // by scope
};

}  // namespace lookout::repository
