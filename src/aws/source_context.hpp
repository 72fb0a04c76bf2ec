// What the sources of credentials share during one load. Used by one thread.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "lookout/aws/credentials.hpp"
#include "lookout/aws/retry.hpp"

namespace lookout::aws {

struct SourceContext {
  const Environment& environment;
  const http::TransportFactory& create_transport;
  const Clock& clock;
  RetryPolicy& retries;
  std::string region;  // of STS
  std::stop_token stop;
};

// nullopt: the source is not set up here, the next one is asked.
using Found = Result<std::optional<Credentials>>;

// "" when not set: an empty variable is one that is not set, as in the SDKs.
std::string variable(const Environment& environment, const std::string& name);
bool is_true(const Environment& environment, const std::string& name);

// Printable ASCII without spaces: what can stand in a header. Not empty.
bool is_header_text(const std::string& text);
// Any other characters, but not empty.
bool is_one_line(const std::string& text);
// A whole pair; the key and the token can be sent, the secret never is.
bool is_usable(const Credentials& credentials);

// The same error, its message after "where: ".
Error named(const std::string& where, Error error);

}  // namespace lookout::aws
