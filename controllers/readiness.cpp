#include "controllers/readiness.hpp"

#include <algorithm>

namespace lookout::controllers {
namespace {

bool is_settled(const StreamReport& stream) {
  return stream.status.synced || stream.status.refused;
}

Readiness::Check stream_check(const StreamReport& stream) {
  Readiness::Check check;
  check.name = stream.ns.empty() ? "releases" : "namespace " + stream.ns;
  check.ok = is_settled(stream);
  if (stream.status.last_error) {
    check.detail = stream.status.last_error->message;
  } else if (!check.ok) {
    check.detail = "first list is under way";
  }
  return check;
}

}  // namespace

bool streams_settled(const std::vector<StreamReport>& streams) {
  return streams.empty() ||
         (std::all_of(streams.begin(), streams.end(), is_settled) &&
          std::any_of(streams.begin(), streams.end(),
                      [](const StreamReport& stream) { return stream.status.synced; }));
}

Readiness judge_readiness(const std::vector<StreamReport>& streams, std::size_t untried_payloads,
                          std::optional<Duration> since_synced) {
  Readiness out;
  const bool none_synced = std::none_of(streams.begin(), streams.end(),
                                        [](const auto& stream) { return stream.status.synced; });
  for (const StreamReport& stream : streams) {
    Readiness::Check check = stream_check(stream);
    // Refused streams are settled, but not when nothing else works.
    check.ok = check.ok && !(none_synced && !stream.status.synced);
    if (!stream.status.synced && !out.first_error && stream.status.last_error) {
      out.first_error = stream.status.last_error;
      out.first_failed = check.name;
    }
    out.checks.push_back(std::move(check));
  }
  out.all_refused =
      !streams.empty() && std::all_of(streams.begin(), streams.end(), [](const auto& stream) {
        return stream.status.refused && !stream.status.synced;
      });
  const bool payloads_ok =
      since_synced && (untried_payloads == 0 || *since_synced >= kPayloadGrace);
  std::string detail;
  if (!since_synced) {
    detail = "waits for the first list";
  } else if (!payloads_ok) {
    detail = std::to_string(untried_payloads) + " payloads not read yet";
  }
  out.checks.push_back({"payloads", payloads_ok, std::move(detail)});
  out.ready = streams_settled(streams) && payloads_ok;
  if (out.ready) return out;
  const auto first_bad = std::find_if(out.checks.begin(), out.checks.end(),
                                      [](const Readiness::Check& check) { return !check.ok; });
  if (first_bad != out.checks.end()) out.reason = first_bad->name + ": " + first_bad->detail;
  return out;
}

}  // namespace lookout::controllers
