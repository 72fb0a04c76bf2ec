#include "test/fakes/sandbox_control.hpp"

#include "lookout/base/text.hpp"

#include "test/fakes/json_text.hpp"

namespace lookout::fakes {
namespace {

OwnPage text(int status, std::string line) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(line) + "\n"};
}

OwnPage json(std::string body) {
  return {200, {{"Content-Type", "application/json"}}, std::move(body) + "\n"};
}

OwnPage apply_script(Sandbox& sandbox, const std::string& script) {
  const auto applied = sandbox.apply(script);
  if (!applied) return text(400, applied.error().message);
  return text(200, std::to_string(*applied) + " lines");
}

OwnPage add_faults(Sandbox& sandbox, const HttpRequest& request) {
  return apply_script(sandbox, request.body);
}

OwnPage clear_faults(Sandbox& sandbox, const HttpRequest&) {
  sandbox.clear_faults();
  return text(200, "no faults");
}

OwnPage drop(Sandbox& sandbox, const HttpRequest& request) {
  return apply_script(sandbox, "drop " + request.parameter("how"));
}

OwnPage compact(Sandbox& sandbox, const HttpRequest&) {
  return apply_script(sandbox, "compact");
}

OwnPage rewind(Sandbox& sandbox, const HttpRequest&) {
  return apply_script(sandbox, "rewind");
}

OwnPage pause(Sandbox& sandbox, const HttpRequest&) {
  sandbox.pause();
  return text(200, "paused");
}

OwnPage resume(Sandbox& sandbox, const HttpRequest&) {
  sandbox.resume();
  return text(200, "resumed");
}

bool read_rate(const std::string& value, double most, double& rate) {
  if (value.empty()) return true;
  char* end = nullptr;
  rate = std::strtod(value.c_str(), &end);
  return *end == '\0' && rate >= 0 && rate <= most;
}

OwnPage set_pace(Sandbox& sandbox, const HttpRequest& request) {
  constexpr double kFaultEverySecondsMax = 86'400;
  Pace pace = sandbox.pace();
  if (!read_rate(request.parameter("changes-per-second"), Sandbox::kPerSecondMax,
                 pace.changes_per_second)) {
    return text(400, "changes-per-second: a number from 0 to 100000");
  }
  if (!read_rate(request.parameter("fault-every"), kFaultEverySecondsMax,
                 pace.fault_every_seconds)) {
    return text(400, "fault-every: a number of seconds from 0 to 86400");
  }
  if (const std::string kind = request.parameter("churn"); !kind.empty()) {
    const auto churn = parse_churn_kind(kind);
    if (!churn) return text(400, "churn: lifecycle, current or history");
    pace.churn = *churn;
  }
  sandbox.set_pace(pace);
  return text(200, "set");
}

OwnPage probe(Sandbox& sandbox, const HttpRequest&) {
  return json("{\"revision\":" + std::to_string(sandbox.probe()) + "}");
}

OwnPage show_state(Sandbox& sandbox, const HttpRequest&) {
  const SandboxState state = sandbox.state();
  std::string out = "{\"resource_version\":" + std::to_string(state.resource_version);
  out += ",\"objects\":" + std::to_string(state.objects);
  out += ",\"open_watches\":" + std::to_string(state.open_watches);
  out += ",\"changes\":" + std::to_string(state.changes);
  out += ",\"random_faults\":" + std::to_string(state.random_faults) + ",\"last_faults\":[";
  for (const std::string& name : state.last_faults) {
    if (out.back() != '[') out += ',';
    append_quoted(out, name);
  }
  return json(out + "]}");
}

std::string_view verb_name(Verb verb) {
  switch (verb) {
    case Verb::kGet: return "get";
    case Verb::kList: return "list";
    case Verb::kWatch: return "watch";
    case Verb::kWatchList: return "watchlist";
    case Verb::kOther: break;
  }
  return "other";
}

// One a line: milliseconds ago, verb, target.
OwnPage show_requests(Sandbox& sandbox, const HttpRequest& asked) {
  const std::string wanted = asked.parameter("contains");
  const MonoTime now = std::chrono::steady_clock::now();
  OwnPage out{200, {{"Content-Type", "text/plain; charset=utf-8"}}, ""};
  FakeApiServer& server =
      asked.parameter("of") == "repositories" ? sandbox.repositories() : sandbox.cluster();
  for (const RecordedRequest& one : server.log().all()) {
    const std::string target = target_of(one.request);
    if (target.find(wanted) == std::string::npos) continue;
    const auto ago = std::chrono::duration_cast<std::chrono::milliseconds>(now - one.at).count();
    out.body += std::to_string(ago) + " " + std::string(verb_name(one.verb)) + " " + target + "\n";
  }
  return out;
}

struct Route {
  std::string_view method;
  std::string_view path;
  std::string_view what;
  OwnPage (*serve)(Sandbox&, const HttpRequest&);
};
constexpr Route kRoutes[] = {
    {"POST", "/sandbox/faults", "lines of faults in the body, as --fault has them", add_faults},
    {"DELETE", "/sandbox/faults", "forget those that still count", clear_faults},
    {"POST", "/sandbox/drop", "end every connection to the API server; ?how=fin|reset", drop},
    {"POST", "/sandbox/compact", "forget the history: old resourceVersions are 410", compact},
    {"POST", "/sandbox/rewind", "back to a minute ago, as etcd restored from a backup", rewind},
    {"POST", "/sandbox/pace", "?changes-per-second=N&churn=KIND&fault-every=SECONDS", set_pace},
    {"POST", "/sandbox/pause", "no faults, no changes", pause},
    {"POST", "/sandbox/resume", "changes and random faults go on", resume},
    {"POST", "/sandbox/probe", "the next revision of default/lag-probe", probe},
    {"GET", "/sandbox/state", "counters, and the last random faults", show_state},
    {"GET", "/sandbox/requests", "ms ago, verb, target; ?contains=TEXT&of=repositories",
     show_requests},
};

OwnPage overview() {
  std::string out;
  for (const Route& route : kRoutes) {
    out += std::string(route.method) + " " + std::string(route.path) + "  " +
           std::string(route.what) + "\n";
  }
  return text(200, out);
}

}  // namespace

OwnPages control_pages(Sandbox& sandbox) {
  return [&sandbox](const HttpRequest& request) -> std::optional<OwnPage> {
    if (request.path == "/sandbox") return overview();
    bool known = false;
    for (const Route& route : kRoutes) {
      if (route.path != request.path) continue;
      known = true;
      if (route.method == request.method) return route.serve(sandbox, request);
    }
    return text(known ? 405 : 404, "GET /sandbox lists what can be asked for");
  };
}

}  // namespace lookout::fakes
