#include "test/model/fault_chooser.hpp"

#include <vector>

#include "test/fakes/json_text.hpp"

namespace lookout::model {
namespace {

using fakes::BodyCut;
using fakes::Fault;

const std::vector<int> kRefusals = {401, 403, 404, 410, 410, 429, 429, 500, 502, 503, 504};
constexpr std::size_t kCutBytesMax = 6'000;

struct Flag {
  const char* name;
  bool Fault::*field;
};
const std::vector<Flag> kFlags = {
    {"stall_before_head", &Fault::stall_before_head},
    {"close_connection", &Fault::close_connection},
    {"single_bytes", &Fault::single_bytes},
    {"gzip_members", &Fault::gzip_members},
    {"json_only", &Fault::json_only},
    {"pretty", &Fault::pretty},
    {"ignore_initial_events", &Fault::ignore_initial_events},
    {"repeat_events", &Fault::repeat_events},
    {"ignore_metadata", &Fault::ignore_metadata},  // last
};

std::string verb_name(const fakes::RequestMatcher& matcher) {
  if (!matcher.contains.empty()) return "payload";
  if (!matcher.verb) return "any";
  switch (*matcher.verb) {
    case fakes::Verb::kList: return "list";
    case fakes::Verb::kWatch: return "watch";
    case fakes::Verb::kWatchList: return "watch_list";
    default: return "other";
  }
}

std::string line_of(const std::string& kind, const fakes::RequestMatcher& matcher) {
  return R"({"fault":)" + fakes::quoted(kind) + R"(,"requests":)" +
         fakes::quoted(verb_name(matcher)) + R"(,"skip":)" + std::to_string(matcher.skip) +
         R"(,"times":)" + std::to_string(matcher.times) + "}";
}

}  // namespace

ChosenFault FaultChooser::choose() {
  const std::uint64_t dice = chance_.below(20);
  ChosenFault out;
  if (dice < 6) {
    const bool reset = chance_.one_in(2);
    out.hangup = reset ? fakes::Hangup::kReset : fakes::Hangup::kFin;
    out.line = reset ? R"({"fault":"drop_by_rst"})" : R"({"fault":"drop_by_fin"})";
  } else if (dice < 7) {
    out.compact = true;
    out.line = R"({"fault":"compact"})";
  } else if (dice < 9) {
    out.outage = true;
    out.line = R"({"fault":"outage"})";
  } else {
    out = to_come();
  }
  return out;
}

ChosenFault FaultChooser::to_come() {
  switch (chance_.below(4)) {
    case 0: return refusal();
    case 1: return cut();
    case 2: return odd_stream();
    default: return canned();
  }
}

fakes::RequestMatcher FaultChooser::some_requests() {
  static const std::vector<std::optional<fakes::Verb>> kVerbs = {
      std::nullopt, fakes::Verb::kList, fakes::Verb::kWatch, fakes::Verb::kWatchList};
  fakes::RequestMatcher out;
  out.verb = chance_.pick(kVerbs);
  if (chance_.one_in(4)) {
    out.verb = fakes::Verb::kList;
    out.contains = "metadata.name";  // a payload
  }
  out.skip = static_cast<std::size_t>(chance_.below(3));
  out.times = static_cast<std::size_t>(1 + chance_.below(4));
  return out;
}

ChosenFault FaultChooser::refusal() {
  ChosenFault out;
  out.matcher = some_requests();
  const int code = chance_.pick(kRefusals);
  std::optional<std::uint32_t> retry_after;
  if (code == 429 || code == 503) {
    if (chance_.one_in(2)) retry_after = static_cast<std::uint32_t>(1 + chance_.below(7));
  }
  if (chance_.one_in(4)) {  // as an event of a stream that has begun
    out.matcher.verb = chance_.one_in(2) ? fakes::Verb::kWatch : fakes::Verb::kWatchList;
    out.matcher.contains.clear();
    out.fault.emplace().watch_error = fakes::refuse(code == 410 ? 410 : 500).refusal;
    out.line = line_of("error_event " + std::to_string(code == 410 ? 410 : 500), out.matcher);
    return out;
  }
  out.fault = fakes::refuse(code, retry_after);
  out.line = line_of(
      std::to_string(code) + (retry_after ? " Retry-After " + std::to_string(*retry_after) : ""),
      out.matcher);
  return out;
}

ChosenFault FaultChooser::cut() {
  static const std::vector<std::pair<const char*, BodyCut::How>> kHows = {
      {"fin", BodyCut::How::kFin}, {"rst", BodyCut::How::kReset}, {"stall", BodyCut::How::kStall}};
  ChosenFault out;
  out.matcher = some_requests();
  const auto& [name, how] = chance_.pick(kHows);
  const auto bytes = static_cast<std::size_t>(chance_.below(chance_.one_in(3) ? 60 : kCutBytesMax));
  out.fault = fakes::cut_body(bytes, how);
  out.line =
      line_of(std::string("cut by ") + name + " after " + std::to_string(bytes), out.matcher);
  return out;
}

ChosenFault FaultChooser::odd_stream() {
  ChosenFault out;
  out.matcher = some_requests();
  out.fault.emplace();
  if (chance_.one_in(3)) {
    const bool end = chance_.one_in(2);
    out.fault->bookmarks = end ? Fault::Bookmarks::kNoEnd : Fault::Bookmarks::kNone;
    out.line = line_of(end ? "no end bookmark" : "no bookmarks", out.matcher);
    return out;
  }
  const Flag& flag =
      kFlags[static_cast<std::size_t>(chance_.below(kFlags.size() - (metadata_ ? 0 : 1)))];
  (*out.fault).*flag.field = true;
  if (flag.field == &Fault::pretty) out.fault->json_only = true;
  out.line = line_of(flag.name, out.matcher);
  return out;
}

ChosenFault FaultChooser::canned() {
  static const std::vector<fakes::CannedAnswer> kAnswers = {
      {200, "text/html", "<html><body>Please sign in</body></html>"},
      {502, "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>"},
      {200, "application/json", R"({"kind":"SecretList","apiVersion":"v1","metadata":{"reso)"},
      {200, "application/json", R"({"kind":"Table","apiVersion":"meta.k8s.io/v1","rows":[]})"},
      {200, "application/json", ""},
  };
  ChosenFault out;
  out.matcher = some_requests();
  const fakes::CannedAnswer& answer = chance_.pick(kAnswers);
  out.fault.emplace().answer = answer;
  out.line = line_of("canned " + std::to_string(answer.status) + " " + answer.body.substr(0, 24),
                     out.matcher);
  return out;
}

}  // namespace lookout::model
