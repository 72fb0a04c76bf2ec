#include "src/web/verdict_cache.hpp"

#include <utility>

namespace lookout::web {
namespace {

void count(LabelledCounter& lookups, const char* cache, bool hit) {
  lookups.add({cache, hit ? "hit" : "miss"});
}

}  // namespace

std::optional<UserPtr> VerdictCache::find_user(const Visitor& visitor, MonoTime now) const {
  if (visitor.user != nullptr) return visitor.user;
  const UserPtr* const user = users_.find(visitor.key, now);
  const bool rejected = user == nullptr && rejected_.find(visitor.key, now) != nullptr;
  if (user != nullptr) return *user;
  return rejected ? std::optional<UserPtr>(nullptr) : std::nullopt;
}

void VerdictCache::put_user(const Visitor& visitor, UserPtr user, MonoTime now) {
  if (user != nullptr) {
    users_.put(visitor.key, std::move(user), now);
  } else {
    rejected_.put(visitor.key, {}, now);
  }
}

std::optional<bool> VerdictCache::find_access(const encoding::Digest& key, MonoTime now) const {
  const bool allowed = allowed_.find(key, now) != nullptr;
  const bool denied = !allowed && denied_.find(key, now) != nullptr;
  return allowed || denied ? std::optional<bool>(allowed) : std::nullopt;
}

void VerdictCache::put_access(const encoding::Digest& key, bool allowed, MonoTime now) {
  (allowed ? allowed_ : denied_).put(key, {}, now);
}

std::optional<Verdict> VerdictCache::find(const Visitor& visitor, const kube::PathAccess& access,
                                          MonoTime now) const {
  const auto user = find_user(visitor, now);
  if (visitor.user == nullptr) count(stats_.cache_lookups, "token", user.has_value());
  if (!user) return std::nullopt;
  if (*user == nullptr) return Verdict::kUnauthenticated;
  const auto allowed = find_access(access_key(**user, access), now);
  count(stats_.cache_lookups, "access", allowed.has_value());
  if (!allowed) return std::nullopt;
  return *allowed ? Verdict::kAllowed : Verdict::kDenied;
}

void VerdictCache::note(const Visitor& visitor, Verdict verdict, MonoTime now) {
  if (verdict == Verdict::kAllowed) regulars_.put(visitor.key, {}, now);
  if (verdict == Verdict::kUnauthenticated) regulars_.erase(visitor.key);
}

}  // namespace lookout::web
