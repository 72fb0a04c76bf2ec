#include "test/fakes/faults.hpp"

namespace lookout::fakes {
namespace {

struct CodeReason {
  int code;
  const char* reason;
};
constexpr CodeReason kReasons[] = {
    {400, "BadRequest"},      {401, "Unauthorized"},  {403, "Forbidden"},
    {404, "NotFound"},        {410, "Expired"},       {422, "Invalid"},
    {429, "TooManyRequests"}, {500, "InternalError"}, {503, "ServiceUnavailable"},
    {504, "Timeout"},
};

}  // namespace

Fault refuse(int code, std::optional<std::uint32_t> retry_after_seconds) {
  Fault out;
  out.refusal = Refusal{code, "", "refused by the script", retry_after_seconds, "", "", ""};
  for (const CodeReason& row : kReasons) {
    if (row.code == code) out.refusal->reason = row.reason;
  }
  return out;
}

Fault cut_body(std::size_t after_bytes, BodyCut::How how) {
  Fault out;
  out.cut = BodyCut{after_bytes, how};
  return out;
}

bool matches(const RequestMatcher& matcher, Verb verb, const std::string& target) {
  return (!matcher.verb || *matcher.verb == verb) &&
         target.find(matcher.contains) != std::string::npos &&
         (matcher.lacks.empty() || target.find(matcher.lacks) == std::string::npos);
}

void FaultScript::add(RequestMatcher matcher, Fault fault) {
  MutexLock lock(mutex_);
  rules_.push_back({std::move(matcher), std::move(fault)});
}

void FaultScript::clear() {
  MutexLock lock(mutex_);
  rules_.clear();
}

Fault FaultScript::next(Verb verb, const std::string& target) {
  MutexLock lock(mutex_);
  for (Rule& rule : rules_) {
    if (rule.matcher.times == 0 || !matches(rule.matcher, verb, target)) continue;
    if (rule.matcher.skip > 0) {
      --rule.matcher.skip;
      continue;
    }
    if (rule.matcher.times != RequestMatcher::kForever) --rule.matcher.times;
    return rule.fault;
  }
  return {};
}

}  // namespace lookout::fakes
