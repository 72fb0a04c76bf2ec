#include "lookout/base/text.hpp"
#include "lookout/encoding/gzip.hpp"

#include "test/fakes/api_answer.hpp"
#include "test/fakes/waker_registration.hpp"

namespace lookout::fakes {
namespace {

// client-go asks for 300 to 600 s; the server's own default is 1,800 s and more.
constexpr std::uint64_t kDefaultTimeoutSeconds = 1'800;

class OpenWatch {
 public:
  explicit OpenWatch(ServerContext& context) : count_(context.open_watches) { ++count_; }
  ~OpenWatch() { --count_; }
  OpenWatch(const OpenWatch&) = delete;
  OpenWatch& operator=(const OpenWatch&) = delete;

 private:
  std::atomic<std::size_t>& count_;
};

class WatchStream {
 public:
  explicit WatchStream(Exchange& exchange)
      : exchange_(exchange),
        store_(*exchange.context.store),
        bookmarks_(exchange.request.parameter("allowWatchBookmarks") == "true" &&
                   exchange.fault.bookmarks != Fault::Bookmarks::kNone) {}

  bool run();

 private:
  bool send(const std::string& event);
  bool send_change(std::string_view type, const Object& object);
  bool send_bookmark(BookmarkKind kind);
  bool send_error(const Refusal& refusal);
  bool send_initial_events();
  bool send_injected_events();
  bool send_selected(const Change& change);
  // nullopt: the stream goes on.
  std::optional<bool> send_news();
  bool follow();
  bool concerns_us(const Object& object) const;
  MonoTime deadline() const;

  Exchange& exchange_;
  ObjectStore& store_;
  const bool bookmarks_;
  std::uint64_t seen_version_ = 0;
};

bool WatchStream::send(const std::string& event) {
  const std::string body = exchange_.fault.gzip_members ? encoding::gzip(event) : event;
  return exchange_.writer.add(body) &&
         (!exchange_.fault.repeat_events || exchange_.writer.add(body));
}

bool WatchStream::send_change(std::string_view type, const Object& object) {
  return send(encode_event(type, object, exchange_.as));
}

bool WatchStream::send_bookmark(BookmarkKind kind) {
  return send(encode_bookmark({exchange_.call.resource, seen_version_, "", 0}, kind, exchange_.as));
}

bool WatchStream::send_error(const Refusal& refusal) {
  return send(encode_error_event(refusal, exchange_.as)) && exchange_.writer.finish();
}

bool WatchStream::send_initial_events() {
  const ObjectStore::View view = store_.list(exchange_.call.resource, exchange_.call.ns);
  seen_version_ = view.resource_version;
  for (const ObjectPtr& object : view.objects) {
    if (exchange_.selector.matches(*object) && !send_change("ADDED", *object)) return false;
  }
  const bool end = exchange_.call.verb == Verb::kWatchList && bookmarks_ &&
                   !exchange_.fault.ignore_initial_events &&
                   exchange_.fault.bookmarks == Fault::Bookmarks::kAll;
  return !end || send_bookmark(BookmarkKind::kInitialEventsEnd);
}

bool WatchStream::send_injected_events() {
  for (const InjectedEvent& event : exchange_.fault.events) {
    if (!send_change(event.type, event.object)) return false;
  }
  return true;
}

bool WatchStream::concerns_us(const Object& object) const {
  return object.resource == exchange_.call.resource &&
         (exchange_.call.ns.empty() || exchange_.call.ns == object.ns);
}

// Leaving the selector is DELETED with the old labels at the new resourceVersion.
bool WatchStream::send_selected(const Change& change) {
  if (!concerns_us(change.before ? *change.before : *change.after)) return true;
  const bool was = change.before && exchange_.selector.matches(*change.before);
  const bool is = change.after && exchange_.selector.matches(*change.after);
  if (is) return send_change(was ? "MODIFIED" : "ADDED", *change.after);
  if (!was) return true;
  Object last = *change.before;
  last.resource_version = change.resource_version;
  return send_change("DELETED", last);
}

std::optional<bool> WatchStream::send_news() {
  const ObjectStore::Changes news = store_.changes_since(seen_version_);
  if (news.compacted) {
    return send_error({410,
                       "Expired",
                       "too old resource version: " + std::to_string(seen_version_) + " (" +
                           std::to_string(store_.resource_version()) + ")",
                       {},
                       "",
                       "",
                       ""});
  }
  for (const Change& change : news.changes) {
    if (!send_selected(change)) return false;
  }
  seen_version_ = news.resource_version;
  return std::nullopt;
}

MonoTime WatchStream::deadline() const {
  const auto asked = parse_number<std::uint64_t>(exchange_.request.parameter("timeoutSeconds"))
                         .value_or(kDefaultTimeoutSeconds);
  const Duration wanted = std::chrono::seconds(std::min<std::uint64_t>(asked, 86'400));
  return std::chrono::steady_clock::now() +
         std::min(wanted, exchange_.context.options.watch_time_max);
}

bool WatchStream::follow() {
  const OpenWatch open(exchange_.context);
  const MonoTime end = deadline();
  const Duration period = exchange_.context.options.bookmark_period;
  MonoTime next_bookmark = std::chrono::steady_clock::now() + period;
  for (;;) {
    if (const auto ended = send_news()) return *ended;
    // Writing to a slow reader consumes the wake-ups of what changes meanwhile.
    if (store_.resource_version() > seen_version_) continue;
    const Connection::Event event =
        exchange_.connection.wait(bookmarks_ ? std::min(end, next_bookmark) : end);
    if (event == Connection::Event::kWoken) continue;
    if (event != Connection::Event::kTimeout) return false;
    if (const auto ended = send_news()) return *ended;
    // A watch from a version to come hears nothing at all, as of a server that went back.
    const bool reached = seen_version_ <= store_.resource_version();
    if (bookmarks_ && reached && !send_bookmark(BookmarkKind::kPlain)) return false;
    if (std::chrono::steady_clock::now() >= end) return exchange_.writer.finish();
    next_bookmark += period;
  }
}

bool WatchStream::run() {
  const auto version = requested_version(exchange_.request);
  if (!version) {
    return answer_refusal(exchange_,
                          {500, "InternalError", "bad resource version", {}, "", "", ""});
  }
  HeaderFields headers{{"Content-Type", std::string(exchange_.as.watch_content_type())}};
  if (exchange_.fault.gzip_members) headers.emplace_back("Content-Encoding", "gzip");
  if (!exchange_.writer.start(200, headers, std::nullopt)) return false;

  const WakerRegistration registration(store_, exchange_.connection.waker());
  const bool from_scratch = exchange_.call.verb == Verb::kWatchList || *version == 0;
  seen_version_ = *version;
  if (!send_injected_events() || (from_scratch && !send_initial_events())) return false;
  if (exchange_.fault.watch_error) return send_error(*exchange_.fault.watch_error);
  return follow();
}

std::optional<Refusal> initial_events_refusal(Exchange& exchange) {
  if (exchange.call.verb != Verb::kWatchList || exchange.fault.ignore_initial_events) return {};
  const std::string prefix = "ListOptions.meta.k8s.io \"\" is invalid: ";
  if (!exchange.context.options.watch_list) {
    return Refusal{422,
                   "Invalid",
                   prefix +
                       "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for "
                       "watch unless the WatchList feature gate is enabled",
                   {},
                   "",
                   "",
                   ""};
  }
  if (exchange.request.parameter("resourceVersionMatch") != "NotOlderThan") {
    return Refusal{422,
                   "Invalid",
                   prefix +
                       "resourceVersionMatch: Forbidden: sendInitialEvents requires setting "
                       "resourceVersionMatch to NotOlderThan",
                   {},
                   "",
                   "",
                   ""};
  }
  const std::uint64_t version = requested_version(exchange.request).value_or(0);
  if (wait_for_version(exchange, version)) return {};
  return version_too_large(version, exchange.context.store->resource_version());
}

}  // namespace

bool answer_watch(Exchange& exchange) {
  if (const auto refusal = initial_events_refusal(exchange)) {
    return answer_refusal(exchange, *refusal);
  }
  return WatchStream(exchange).run();
}

}  // namespace lookout::fakes
