// What a request to the API server asks for, and in which representation.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "test/fakes/faults.hpp"
#include "test/fakes/http_request.hpp"
#include "test/fakes/object_encoding.hpp"

namespace lookout::fakes {

struct ApiCall {
  Verb verb = Verb::kOther;
  Resource resource = Resource::kSecrets;
  std::string ns;    // "": every namespace
  std::string name;  // kGet
};

// kOther for paths that are neither secrets nor configmaps.
ApiCall parse_call(const HttpRequest& request);

// What the server can write.
struct Abilities {
  bool metadata = true;
  bool protobuf = true;
};
// The first alternative of Accept that can be had; nullopt: 406.
std::optional<Representation> negotiate(const HttpRequest& request, Verb verb,
                                        const Abilities& abilities);

// "path?query" as sent, for matchers.
std::string target_of(const HttpRequest& request);

}  // namespace lookout::fakes
