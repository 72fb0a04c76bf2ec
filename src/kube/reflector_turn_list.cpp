#include <algorithm>
#include <utility>

#include "lookout/base/check.hpp"

#include "src/kube/reflector_turn.hpp"

namespace lookout::kube {

using Kind = ListQuery::Kind;
using Cause = RequestEnded::Cause;

void ReflectorTurn::begin_list() {
  state_.list_restarted = false;
  const std::string version = state_.version_unavailable ? "" : state_.resource_version;
  if (!state_.watch_list_again || now_ >= *state_.watch_list_again) {
    send({.kind = Kind::kWatchList,
          .resource_version = version,
          .timeout_seconds = watch_timeout_seconds()});
    return;
  }
  // From the watch cache a list comes whole, whatever the limit; only one of the most
  // recent version is worth paging.
  if (state_.version_unavailable) return send_list("", state_.page_items);
  send_list(version.empty() ? "0" : version, 0);
}

void ReflectorTurn::send_list(std::string version, std::uint32_t limit) {
  state_.list_asked_version = version;
  state_.list_version.clear();
  state_.list_pages = 0;
  send({.kind = Kind::kList, .resource_version = std::move(version), .limit = limit});
}

void ReflectorTurn::response_started() {
  state_.response_started = true;
  state_.last_progress = now_;
  if (state_.query.kind == Kind::kWatchList || state_.query.kind == Kind::kList) begin_replace();
  if (state_.query.kind == Kind::kWatch) {
    state_.probed = false;
    state_.refused = false;
    state_.last_error.reset();
  }
}

void ReflectorTurn::watch_list_ended(const RequestEnded& end) {
  abort_replace();
  // An end without error before the end bookmark: a server that ignores what it does not know.
  if (!end.error || end.cause == Cause::kNoProgress || end.error->code == ErrorCode::kInvalid) {
    fall_back_to_list();
    return begin_list();
  }
  if (end.error->code == ErrorCode::kGone) return list_expired(*end.error);
  if (state_.response_started && ++state_.watch_list_drops >= kWatchListDropsMax) {
    fall_back_to_list();
  }
  fail(*end.error, Next::kList);
}

void ReflectorTurn::fall_back_to_list() {
  state_.watch_list_again = now_ + kWatchListRetry;
  state_.watch_list_drops = 0;
}

void ReflectorTurn::list_ended(const RequestEnded& end) {
  if (!end.error) return page_ended(end.list);
  abort_replace();
  if (end.error->code == ErrorCode::kGone) {
    // The token expired: the same list once more, whole.
    if (state_.list_pages > 0 && !state_.list_restarted) {
      state_.list_restarted = true;
      return send_list(state_.list_asked_version, 0);
    }
    return list_expired(*end.error);
  }
  halve_pages_if_slow(*end.error);
  fail(*end.error, Next::kList);
}

// The version we asked for is gone, or (with Retry-After) not reached yet by the server.
void ReflectorTurn::list_expired(const Error& error) {
  if (state_.query.resource_version.empty()) return fail(error, Next::kList);
  state_.version_unavailable = true;
  if (error.retry_after) return wait(retry_after_delay(*error.retry_after), Next::kList);
  begin_list();
}

void ReflectorTurn::halve_pages_if_slow(const Error& error) {
  const bool slow = now_ - state_.request_start >= kSlowPage;
  if (error.code != ErrorCode::kUnavailable || state_.query.limit == 0 || !slow) return;
  state_.page_items = std::max(state_.query.limit / 2, 1U);
}

void ReflectorTurn::page_ended(const ListEnd& page) {
  if (state_.list_pages++ == 0) state_.list_version = page.resource_version;
  if (page.resource_version.empty()) {
    abort_replace();
    return fail({ErrorCode::kMalformed, "list: no resourceVersion"}, Next::kList);
  }
  if (page.continue_token.empty()) {
    commit(state_.list_version);
    return send_watch();
  }
  if (page.continue_token == state_.query.continue_token || state_.list_pages >= kListPagesMax) {
    abort_replace();
    return fail({ErrorCode::kMalformed, "list: pages without end"}, Next::kList);
  }
  const std::uint32_t limit = state_.query.limit > 0 ? state_.query.limit : state_.page_items;
  send({.kind = Kind::kList, .continue_token = page.continue_token, .limit = limit});
}

void ReflectorTurn::begin_replace() {
  if (state_.replacing) return;
  state_.replacing = true;
  effects_.deltas.push_back(Delta::Kind::kReplaceBegin);
}

void ReflectorTurn::abort_replace() {
  if (!state_.replacing) return;
  state_.replacing = false;
  effects_.deltas.push_back(Delta::Kind::kReplaceAbort);
}

void ReflectorTurn::commit(const std::string& version) {
  LOOKOUT_CHECK(state_.replacing);
  state_.replacing = false;
  effects_.deltas.push_back(Delta::Kind::kReplaceCommit);
  // Taken as it is: after a restore of etcd it is lower than what we had.
  state_.resource_version = version;
  state_.version_unavailable = false;
  state_.page_items = state_.page_items_max;
  state_.watch_list_drops = 0;
  state_.synced = true;
  worked();
}

}  // namespace lookout::kube
