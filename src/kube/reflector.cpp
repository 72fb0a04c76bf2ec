#include "lookout/kube/reflector.hpp"

#include <random>
#include <utility>

#include "lookout/base/log.hpp"
#include "lookout/base/mutex.hpp"

#include "src/kube/list_request.hpp"
#include "src/kube/reflector_answer.hpp"
#include "src/kube/reflector_machine.hpp"
#include "src/kube/reflector_watchdog.hpp"

namespace lookout::kube {
namespace {

using Kind = ListQuery::Kind;
using Cause = RequestEnded::Cause;

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

const char* result_name(const std::optional<Error>& error) {
  return error ? error_code_name(error->code) : "ok";
}

}  // namespace

// The machine's hands. Runs on the reflector's thread, and on the transport's while the
// former waits for an answer: never on both at once.
struct Reflector::State {
  State(ApiClient& api, ReflectorOptions settings, DeltaSink deltas, const Clock& time,
        ReflectorStats& counters)
      : client(api),
        options(std::move(settings)),
        sink(std::move(deltas)),
        clock(time),
        stats(counters),
        machine(random_seed(), options.relist_page_items) {}

  void run(const std::stop_token& stop);
  ReflectorEffects tell(const ReflectorEvent& event);
  void apply(const ReflectorEffects& effects);
  void publish(bool was_synced, bool was_failing) EXCLUDES(mutex);
  void log_change(bool was_synced, bool was_failing) const;
  std::string stream_name() const { return options.ns.empty() ? "*" : options.ns; }
  RequestEnded exchange(const ListQuery& query, const std::stop_token& stop);
  AnswerListener listener(Kind kind, ReflectorWatchdog* watchdog);
  Result<void> on_watch_event(const WatchEvent& event, ReflectorWatchdog* watchdog);
  Result<void> on_bookmark(const WatchEvent& event, ReflectorWatchdog* watchdog);
  void on_object(const WatchEvent& event, ReflectorWatchdog* watchdog);
  void count(Kind kind, const RequestEnded& end);

  ApiClient& client;
  const ReflectorOptions options;
  const DeltaSink sink;
  const Clock& clock;
  ReflectorStats& stats;

  ReflectorState machine;
  // Of the outstanding request: its end's cause as far as known, the TLS material it began
  // with, and whether it was ended because that has changed.
  Cause cause = Cause::kAnswer;
  std::uint64_t tls_generation = 0;
  bool renewing = false;

  mutable Mutex mutex;
  StreamStatus status GUARDED_BY(mutex);
};

void Reflector::State::run(const std::stop_token& stop) {
  ReflectorEvent event = Start{};
  while (!stop.stop_requested()) {
    const ReflectorEffects effects = tell(event);
    if (effects.send) {
      event = exchange(*effects.send, stop);
    } else if (clock.sleep(effects.wait.value_or(Duration(0)), stop)) {
      event = TimerFired{};
    }
  }
  if (machine.replacing) sink({Delta::Kind::kReplaceAbort});
}

ReflectorEffects Reflector::State::tell(const ReflectorEvent& event) {
  const bool was_synced = machine.synced;
  const bool was_failing = machine.failing;
  ReflectorStep next = step(std::move(machine), clock.now(), event);
  machine = std::move(next.state);
  apply(next.effects);
  publish(was_synced, was_failing);
  return std::move(next.effects);
}

void Reflector::State::apply(const ReflectorEffects& effects) {
  for (const Delta::Kind kind : effects.deltas) sink({kind});
  if (effects.watch_restart) {
    stats.watch_restarts.add({std::string(restart_reason_name(*effects.watch_restart))});
  }
  if (!effects.relist) return;
  const std::string reason(relist_reason_name(*effects.relist));
  stats.relists.add({reason});
  log::info("listing again", {{"namespace", stream_name()}, {"reason", reason}});
}

void Reflector::State::publish(bool was_synced, bool was_failing) {
  {
    MutexLock lock(mutex);
    status.synced = machine.synced;
    status.refused = machine.refused;
    status.last_error = machine.last_error;
  }
  if (machine.synced) stats.synced.set(1);
  log_change(was_synced, was_failing);
}

void Reflector::State::log_change(bool was_synced, bool was_failing) const {
  if (machine.failing && !was_failing) {
    log::warn("watching fails", {{"namespace", stream_name()}, {"error", *machine.last_error}});
  } else if (machine.synced && !was_synced) {
    log::info("synced", {{"namespace", stream_name()}});
  } else if (was_failing && !machine.failing) {
    log::info("watching works again", {{"namespace", stream_name()}});
  }
}

RequestEnded Reflector::State::exchange(const ListQuery& query, const std::stop_token& stop) {
  std::optional<ReflectorWatchdog> watchdog;
  if (query.kind == Kind::kWatchList) watchdog.emplace(clock, kWatchListProgressTimeout, stop);
  ReflectorAnswer answer(query.kind, listener(query.kind, watchdog ? &*watchdog : nullptr));
  cause = Cause::kAnswer;
  renewing = false;
  const Result<void> sent =
      client.get(list_request(options, query), answer, watchdog ? watchdog->token() : stop);
  stats.skipped_events.add(answer.skipped_events());
  RequestEnded end;
  end.cause = cause;
  if (!sent) {
    end.error = sent.error();
  } else if (Result<ListEnd> list = answer.finish(); list) {
    end.list = std::move(list).value();
  } else {
    end.error = list.error();
  }
  if (watchdog && watchdog->fired() && machine.query.kind == Kind::kWatchList) {
    end.cause = Cause::kNoProgress;
    end.error = Error{ErrorCode::kUnavailable, "watch: no end of the initial events"};
  }
  if (renewing) end.error.reset();  // as a watch that ended in time
  if (!stop.stop_requested()) count(query.kind, end);
  return end;
}

AnswerListener Reflector::State::listener(Kind kind, ReflectorWatchdog* watchdog) {
  const bool watch = kind == Kind::kWatch || kind == Kind::kWatchList;
  return {
      .started =
          [this] {
            tls_generation = client.tls_generation();
            tell(ResponseStarted{});
          },
      .bytes =
          [this, watch](std::string_view bytes) {
            if (watch) stats.watch_bytes.add(bytes.size());
          },
      .item =
          [this, kind](const helm::SecretMeta& object) {
            if (kind == Kind::kList) sink({Delta::Kind::kReplaceItem, &object});
          },
      .watch_event =
          [this, watchdog](const WatchEvent& event) { return on_watch_event(event, watchdog); },
  };
}

Result<void> Reflector::State::on_watch_event(const WatchEvent& event,
                                              ReflectorWatchdog* watchdog) {
  if (event.type == WatchEvent::Type::kBookmark) return on_bookmark(event, watchdog);
  if (event.type == WatchEvent::Type::kError) {
    cause = Cause::kErrorEvent;
    return error_from_status(event.status);
  }
  on_object(event, watchdog);
  return {};
}

Result<void> Reflector::State::on_bookmark(const WatchEvent& event, ReflectorWatchdog* watchdog) {
  stats.last_bookmark_timestamp_seconds.set(unix_seconds(clock.wall_now()));
  const bool was_listing = machine.replacing;
  const ReflectorEffects effects =
      tell(Bookmark{event.object.resource_version, event.initial_events_end});
  if (was_listing && !machine.replacing) stats.lists.add({result_name(std::nullopt)});
  if (effects.end_request) {
    cause = Cause::kNoProgress;
    return Error{ErrorCode::kUnavailable, "watch: a bookmark before the end of initial events"};
  }
  if (watchdog != nullptr) watchdog->disarm();
  // Between events nothing is lost, and bookmarks come every minute.
  renewing = client.tls_generation() != tls_generation;
  if (renewing) return Error{ErrorCode::kCancelled, "watch: TLS material has changed"};
  return {};
}

void Reflector::State::on_object(const WatchEvent& event, ReflectorWatchdog* watchdog) {
  const bool erased = event.type == WatchEvent::Type::kDeleted;
  if (watchdog != nullptr && event.type == WatchEvent::Type::kAdded) watchdog->touch();
  stats.last_event_timestamp_seconds.set(unix_seconds(clock.wall_now()));
  // Among the initial events there may be first live ones: an object can be erased
  // again, or come twice, before the end bookmark.
  const auto change = machine.replacing ? Delta::Kind::kReplaceItem : Delta::Kind::kUpsert;
  sink({erased ? Delta::Kind::kErase : change, &event.object});
  if (!machine.replacing) tell(ObjectSeen{event.object.resource_version});
}

void Reflector::State::count(Kind kind, const RequestEnded& end) {
  // A WatchList that ends before its list is whole was a list that failed.
  if (kind == Kind::kList || (kind == Kind::kWatchList && machine.replacing)) {
    stats.lists.add({result_name(end.error)});
  } else if (kind != Kind::kProbe) {
    stats.watches.add({result_name(end.error)});
  }
}

Reflector::Reflector(ApiClient& client, ReflectorOptions options, DeltaSink sink,
                     const Clock& clock, ReflectorStats& stats)
    : state_(std::make_unique<State>(client, std::move(options), std::move(sink), clock, stats)) {}
Reflector::~Reflector() = default;

void Reflector::run(std::stop_token stop) {
  state_->run(stop);
}

const std::string& Reflector::ns() const {
  return state_->options.ns;
}

StreamStatus Reflector::status() const {
  MutexLock lock(state_->mutex);
  return state_->status;
}

}  // namespace lookout::kube
