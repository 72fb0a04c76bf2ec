// What reviews said, for as long as controller-runtime's filter believes it. Not thread-safe.
#pragma once

#include <chrono>
#include <optional>

#include "lookout/base/clock.hpp"
#include "lookout/metrics/auth_stats.hpp"

#include "src/web/expiring_map.hpp"
#include "src/web/verdict.hpp"
#include "src/web/visitor.hpp"

namespace lookout::web {

// Yes and no are kept apart: whoever makes up tokens or paths pushes out no good answer.
class VerdictCache {
 public:
  static constexpr std::size_t kUsersMax = 1'024;
  static constexpr std::size_t kRejectedMax = 4'096;
  static constexpr std::size_t kAccessesMax = 4'096;  // each of allowed and denied
  static constexpr std::chrono::minutes kUserTime{1};
  // Short: a token may come to life a moment after it was first shown.
  static constexpr std::chrono::seconds kRejectedTime{10};
  static constexpr std::chrono::minutes kAllowedTime{5};
  static constexpr std::chrono::seconds kDeniedTime{30};

  // `stats` outlives this.
  explicit VerdictCache(metrics::AuthStats& stats) : stats_(stats) {}

  // nullopt: not known. A null user: the token is nobody's.
  std::optional<UserPtr> find_user(const Visitor& visitor, MonoTime now) const;
  void put_user(const Visitor& visitor, UserPtr user, MonoTime now);

  std::optional<bool> find_access(const encoding::Digest& key, MonoTime now) const;
  void put_access(const encoding::Digest& key, bool allowed, MonoTime now);

  // Both at once, counted. nullopt: one of them is not known.
  std::optional<Verdict> find(const Visitor& visitor, const kube::PathAccess& access,
                              MonoTime now) const;

  // A regular was let in before, and not found to be nobody since.
  void note(const Visitor& visitor, Verdict verdict, MonoTime now);
  bool is_regular(const Visitor& visitor) const { return regulars_.remembers(visitor.key); }

 private:
  struct Nothing {};

  metrics::AuthStats& stats_;
  ExpiringMap<UserPtr> users_{kUsersMax, kUserTime};
  ExpiringMap<Nothing> rejected_{kRejectedMax, kRejectedTime};
  ExpiringMap<Nothing> allowed_{kAccessesMax, kAllowedTime};
  ExpiringMap<Nothing> denied_{kAccessesMax, kDeniedTime};
  ExpiringMap<Nothing> regulars_{kUsersMax, kAllowedTime};
};

}  // namespace lookout::web
