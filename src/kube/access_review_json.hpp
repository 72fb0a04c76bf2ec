// TokenReview and SubjectAccessReview as JSON. Pure.
//
//   {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview",
//    "spec": {"token": T, "audiences": [A]},
//    "status": {"authenticated": B, "audiences": [A],
//               "user": {"username": N, "uid": U, "groups": [G], "extra": {K: [V]}}}}
//   {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
//    "spec": {"user": N, "uid": U, "groups": [G], "extra": {K: [V]},
//             "nonResourceAttributes": {"path": P, "verb": V}},
//    "status": {"allowed": B, "denied": B}}
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"
#include "lookout/kube/access_review.hpp"

namespace lookout::kube {

// Of groups, audiences, keys of extra and the values of one.
inline constexpr std::size_t kUserListMax = 1'024;

std::string token_review_json(const std::string& token, const std::vector<std::string>& audiences);
std::string access_review_json(const UserInfo& user, const PathAccess& access);

// nullopt: not authenticated, or for none of the wanted `audiences`. kMalformed: anything that
// leaves a doubt (no status, a user without a name, a member of another type); kTooLarge.
Result<std::optional<UserInfo>> parse_token_review(std::string_view json,
                                                   const std::vector<std::string>& audiences);
Result<bool> parse_access_review(std::string_view json);

}  // namespace lookout::kube
