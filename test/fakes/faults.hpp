// What goes wrong, and for which requests: a script that tests write and the fake
// API server follows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "lookout/base/mutex.hpp"

#include "test/fakes/object_encoding.hpp"

namespace lookout::fakes {

enum class Verb { kGet, kList, kWatch, kWatchList, kOther };

struct RequestMatcher {
  static constexpr std::size_t kForever = std::numeric_limits<std::size_t>::max();

  std::optional<Verb> verb;  // nullopt: any
  std::string contains;      // part of "path?query" as sent
  std::size_t skip = 0;      // matching requests let through first
  std::size_t times = 1;     // requests hit after those
  std::string lacks;         // no part of "path?query"; "" excludes nothing
};

// Any bytes, as proxies answer.
struct CannedAnswer {
  int status = 200;
  std::string content_type;
  std::string body;
};

struct BodyCut {
  enum class How { kFin, kReset, kStall };
  std::size_t after_bytes = 0;  // of the body
  How how = How::kReset;
};

struct InjectedEvent {
  std::string type;
  Object object;
};

// Several at once are fine; the default changes nothing.
struct Fault {
  std::optional<Refusal> refusal;
  std::optional<CannedAnswer> answer;
  std::optional<BodyCut> cut;
  bool stall_before_head = false;      // reads the request and says nothing, for ever
  bool close_connection = false;       // `Connection: close`
  bool single_bytes = false;           // every byte of the body a chunk of its own
  bool gzip_members = false;           // watch: Content-Encoding gzip, a member an event
  bool ignore_metadata = false;        // knows no PartialObjectMetadata
  bool json_only = false;              // knows no protobuf
  bool pretty = false;                 // JSON over many lines, as curl gets it
  bool ignore_initial_events = false;  // sendInitialEvents is read over, as old servers do
  bool repeat_events = false;          // watch: every event twice
  enum class Bookmarks { kAll, kNoEnd, kNone } bookmarks = Bookmarks::kAll;
  std::vector<InjectedEvent> events;   // watch: sent before the true ones
  std::optional<Refusal> watch_error;  // watch: an ERROR event after the initial ones, then the end
};

Fault refuse(int code, std::optional<std::uint32_t> retry_after_seconds = std::nullopt);
Fault cut_body(std::size_t after_bytes, BodyCut::How how);

// Thread-safe.
class FaultScript {
 public:
  void add(RequestMatcher matcher, Fault fault) EXCLUDES(mutex_);
  void clear() EXCLUDES(mutex_);
  // The first rule that matches and still counts; rules before it that match count down too.
  Fault next(Verb verb, const std::string& target) EXCLUDES(mutex_);

 private:
  struct Rule {
    RequestMatcher matcher;
    Fault fault;
  };

  Mutex mutex_;
  std::vector<Rule> rules_ GUARDED_BY(mutex_);
};

bool matches(const RequestMatcher& matcher, Verb verb, const std::string& target);

}  // namespace lookout::fakes
