#include "src/kube/access_review_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace lookout::kube {
namespace {

using nlohmann::json;
using Texts = std::vector<std::string>;

Error malformed(std::string_view what) {
  return {ErrorCode::kMalformed, "review: " + std::string(what)};
}

// Bytes that are no UTF-8 (a path may hold any) become U+FFFD.
std::string text_of(const json& document) {
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

// nullptr when absent or null, which mean the same.
const json* member(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

Result<bool> read_boolean(const json& object, const char* key) {
  const json* const found = member(object, key);
  if (found == nullptr) return false;
  if (!found->is_boolean()) return malformed(std::string(key) + " is no boolean");
  return found->get<bool>();
}

Result<std::string> read_text(const json& object, const char* key) {
  const json* const found = member(object, key);
  if (found == nullptr) return std::string();
  if (!found->is_string()) return malformed(std::string(key) + " is no string");
  return found->get<std::string>();
}

Result<Texts> read_texts(const json* list) {
  if (list == nullptr) return Texts();
  if (!list->is_array()) return malformed("not a list");
  if (list->size() > kUserListMax) return Error{ErrorCode::kTooLarge, "review: a list too long"};
  Texts out;
  for (const json& item : *list) {
    if (!item.is_string()) return malformed("not a list of strings");
    out.push_back(item.get<std::string>());
  }
  return out;
}

Result<std::map<std::string, Texts>> read_extra(const json* object) {
  std::map<std::string, Texts> out;
  if (object == nullptr) return out;
  if (!object->is_object()) return malformed("extra is no object");
  if (object->size() > kUserListMax) return Error{ErrorCode::kTooLarge, "review: extra too large"};
  for (const auto& [key, values] : object->items()) {
    auto texts = read_texts(&values);
    if (!texts) return texts.error();
    out.emplace(key, std::move(*texts));
  }
  return out;
}

Result<UserInfo> read_user(const json* object) {
  if (object == nullptr || !object->is_object()) return malformed("no user");
  auto name = read_text(*object, "username");
  if (!name) return name.error();
  if (name->empty()) return malformed("a user without a name");
  auto uid = read_text(*object, "uid");
  if (!uid) return uid.error();
  auto groups = read_texts(member(*object, "groups"));
  if (!groups) return groups.error();
  auto extra = read_extra(member(*object, "extra"));
  if (!extra) return extra.error();
  return UserInfo{std::move(*name), std::move(*uid), std::move(*groups), std::move(*extra)};
}

// The member "status" of an answer.
Result<json> read_status(std::string_view text) {
  json document = json::parse(text, nullptr, false);
  if (!document.is_object()) return malformed("not a JSON object");
  const auto status = document.find("status");
  if (status == document.end() || !status->is_object()) return malformed("no status");
  return std::move(*status);
}

bool shares_one(const Texts& a, const Texts& b) {
  return std::any_of(a.begin(), a.end(), [&b](const std::string& item) {
    return std::find(b.begin(), b.end(), item) != b.end();
  });
}

}  // namespace

std::string token_review_json(const std::string& token, const Texts& audiences) {
  json spec = {{"token", token}};
  if (!audiences.empty()) spec["audiences"] = audiences;
  return text_of({{"apiVersion", "authentication.k8s.io/v1"},
                  {"kind", "TokenReview"},
                  {"spec", std::move(spec)}});
}

std::string access_review_json(const UserInfo& user, const PathAccess& access) {
  json spec = {{"user", user.name},
               {"nonResourceAttributes", {{"path", access.path}, {"verb", access.verb}}}};
  if (!user.uid.empty()) spec["uid"] = user.uid;
  if (!user.groups.empty()) spec["groups"] = user.groups;
  if (!user.extra.empty()) spec["extra"] = user.extra;
  return text_of({{"apiVersion", "authorization.k8s.io/v1"},
                  {"kind", "SubjectAccessReview"},
                  {"spec", std::move(spec)}});
}

Result<std::optional<UserInfo>> parse_token_review(std::string_view text, const Texts& audiences) {
  const auto status = read_status(text);
  if (!status) return status.error();
  const auto authenticated = read_boolean(*status, "authenticated");
  if (!authenticated) return authenticated.error();
  // An "error" beside it says why; to whoever sent the token it is all the same.
  if (!*authenticated) return std::optional<UserInfo>();
  // A server that knows no audiences leaves them out: then the token was checked for none of ours.
  const auto found = read_texts(member(*status, "audiences"));
  if (!found) return found.error();
  if (!audiences.empty() && !shares_one(audiences, *found)) return std::optional<UserInfo>();
  auto user = read_user(member(*status, "user"));
  if (!user) return user.error();
  return std::optional<UserInfo>(std::move(*user));
}

Result<bool> parse_access_review(std::string_view text) {
  const auto status = read_status(text);
  if (!status) return status.error();
  const auto allowed = read_boolean(*status, "allowed");
  if (!allowed) return allowed.error();
  const auto denied = read_boolean(*status, "denied");
  if (!denied) return denied.error();
  return *allowed && !*denied;
}

}  // namespace lookout::kube
