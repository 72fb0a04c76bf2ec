// Who sends a request, as far as the request itself tells.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lookout/encoding/digest.hpp"
#include "lookout/http/server.hpp"
#include "lookout/kube/access_review.hpp"

namespace lookout::web {

using UserPtr = std::shared_ptr<const kube::UserInfo>;

// Has either a bearer token that nobody has looked at, or a user.
struct Visitor {
  encoding::Digest key{};  // of the token, or of the user
  std::string token;
  UserPtr user;  // whom a client certificate names
};

// As kube-apiserver: a client certificate with a common name goes before a token; its
// organizations are groups, and whoever it names is authenticated. nullopt: there is neither.
std::optional<Visitor> visitor_of(const http::ServerRequest& request);

// What is asked of the authorizer for a request's path: the path, but with "/helm-lookout" before
// those that Kubernetes' own roles let every authenticated user get.
kube::PathAccess access_to(std::string_view path);

// Of a user and what that user asks for.
encoding::Digest access_key(const kube::UserInfo& user, const kube::PathAccess& access);

}  // namespace lookout::web
