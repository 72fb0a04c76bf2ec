#include "test/fakes/fault_effects.hpp"

#include "lookout/base/text.hpp"

#include "test/fakes/release_generator.hpp"

namespace lookout::fakes {
namespace {

Error wrong(std::string reason) {
  return {ErrorCode::kInvalid, std::move(reason)};
}

template <class N>
Result<N> number(const std::string& text) {
  const auto value = parse_number<N>(text);
  if (!value) return wrong(quote_bounded(text) + " is not a number that fits");
  return *value;
}

template <class N, class Target>
Result<void> set_number(Target& target, const std::string& text) {
  const auto value = number<N>(text);
  if (!value) return value.error();
  target = *value;
  return {};
}

Result<Refusal> refusal_of(const std::string& text) {
  const auto code = number<int>(text);
  if (!code) return code.error();
  if (*code < 100 || *code > 599) return wrong(text + " is not between 100 and 599");
  return *refuse(*code).refusal;
}

Result<void> begin_refusal(FaultDraft& draft, std::optional<Refusal>& target,
                           const std::string& text) {
  auto refusal = refusal_of(text);
  if (!refusal) return refusal.error();
  draft.refusal = &target.emplace(*std::move(refusal));
  return {};
}

Result<void> describe(FaultDraft& draft, std::string Refusal::*member, const std::string& text) {
  if (draft.refusal == nullptr) return wrong("describes the status= or error= before it");
  draft.refusal->*member = text;
  return {};
}

Result<void> retry_after(FaultDraft& draft, const std::string& text) {
  if (draft.refusal == nullptr) return wrong("describes the status= or error= before it");
  return set_number<std::uint32_t>(draft.refusal->retry_after_seconds, text);
}

Result<void> describe_answer(FaultDraft& draft, std::string CannedAnswer::*member,
                             const std::string& text) {
  if (!draft.fault.answer) return wrong("describes the answer= before it");
  *draft.fault.answer.*member = text;
  return {};
}

Result<void> cut(FaultDraft& draft, const std::string& text) {
  const auto bytes = number<std::size_t>(text);
  if (!bytes) return bytes.error();
  draft.fault.cut = BodyCut{*bytes};
  return {};
}

Result<void> how(FaultDraft& draft, const std::string& text) {
  using How = BodyCut::How;
  if (!draft.fault.cut) return wrong("describes the cut= before it");
  if (text != "fin" && text != "reset" && text != "stall") return wrong("fin, reset or stall");
  draft.fault.cut->how = text == "fin" ? How::kFin : text == "reset" ? How::kReset : How::kStall;
  return {};
}

Result<void> bookmarks(FaultDraft& draft, const std::string& text) {
  using Bookmarks = Fault::Bookmarks;
  if (text != "all" && text != "no-end" && text != "none") return wrong("all, no-end or none");
  draft.fault.bookmarks = text == "all"      ? Bookmarks::kAll
                          : text == "no-end" ? Bookmarks::kNoEnd
                                             : Bookmarks::kNone;
  return {};
}

Result<void> times(FaultDraft& draft, const std::string& text) {
  if (text == "forever") {
    draft.matcher.times = RequestMatcher::kForever;
    return {};
  }
  return set_number<std::size_t>(draft.matcher.times, text);
}

// TYPE:NAMESPACE/RELEASE:REVISION[:STATUS[:RESOURCEVERSION]]
Result<void> event(FaultDraft& draft, const std::string& text) {
  const std::vector<std::string_view> parts = split(text, ':');
  const std::size_t slash = parts.size() < 2 ? 0 : parts[1].find('/');
  if (parts.size() < 3 || parts.size() > 5 || slash == std::string_view::npos) {
    return wrong("TYPE:NAMESPACE/RELEASE:REVISION[:STATUS[:RESOURCEVERSION]]");
  }
  ReleaseSpec spec;
  spec.ns = std::string(parts[1].substr(0, slash));
  spec.name = std::string(parts[1].substr(slash + 1));
  if (parts.size() > 3) spec.status = std::string(parts[3]);
  auto read = set_number<std::uint32_t>(spec.revision, std::string(parts[2]));
  if (!read) return read;
  Object object = whole_release(spec);
  object.uid = "injected-" + spec.ns + "-" + spec.name + "-" + std::string(parts[2]);
  object.resource_version = 1;
  if (parts.size() > 4) {
    read = set_number<std::uint64_t>(object.resource_version, std::string(parts[4]));
  }
  draft.fault.events.push_back({std::string(parts[0]), std::move(object)});
  return read;
}

struct ValueWord {
  std::string_view name;
  Result<void> (*apply)(FaultDraft&, const std::string& value);
};
using Text = const std::string&;
constexpr ValueWord kValueWords[] = {
    {"contains", [](FaultDraft& d, Text v) { return d.matcher.contains = v, Result<void>(); }},
    {"lacks", [](FaultDraft& d, Text v) { return d.matcher.lacks = v, Result<void>(); }},
    {"skip", [](FaultDraft& d, Text v) { return set_number<std::size_t>(d.matcher.skip, v); }},
    {"times", times},
    {"status", [](FaultDraft& d, Text v) { return begin_refusal(d, d.fault.refusal, v); }},
    {"error", [](FaultDraft& d, Text v) { return begin_refusal(d, d.fault.watch_error, v); }},
    {"retry-after", retry_after},
    {"reason", [](FaultDraft& d, Text v) { return describe(d, &Refusal::reason, v); }},
    {"message", [](FaultDraft& d, Text v) { return describe(d, &Refusal::message, v); }},
    {"continue", [](FaultDraft& d, Text v) { return describe(d, &Refusal::continue_token, v); }},
    {"cause-reason", [](FaultDraft& d, Text v) { return describe(d, &Refusal::cause_reason, v); }},
    {"cause-message",
     [](FaultDraft& d, Text v) { return describe(d, &Refusal::cause_message, v); }},
    {"answer",
     [](FaultDraft& d, Text v) { return set_number<int>(d.fault.answer.emplace().status, v); }},
    {"type",
     [](FaultDraft& d, Text v) { return describe_answer(d, &CannedAnswer::content_type, v); }},
    {"body", [](FaultDraft& d, Text v) { return describe_answer(d, &CannedAnswer::body, v); }},
    {"cut", cut},
    {"how", how},
    {"bookmarks", bookmarks},
    {"event", event},
};

struct FlagWord {
  std::string_view name;
  bool Fault::*member;
};
constexpr FlagWord kFlagWords[] = {
    {"stall", &Fault::stall_before_head},
    {"close", &Fault::close_connection},
    {"single-bytes", &Fault::single_bytes},
    {"gzip-members", &Fault::gzip_members},
    {"ignore-metadata", &Fault::ignore_metadata},
    {"json-only", &Fault::json_only},
    {"pretty", &Fault::pretty},
    {"ignore-initial-events", &Fault::ignore_initial_events},
    {"repeat-events", &Fault::repeat_events},
};

Result<void> apply_known_word(FaultDraft& draft, const FaultWord& word) {
  for (const FlagWord& row : kFlagWords) {
    if (row.name != word.name) continue;
    if (word.value) return wrong("takes no value");
    draft.fault.*row.member = true;
    return {};
  }
  for (const ValueWord& row : kValueWords) {
    if (row.name != word.name) continue;
    if (!word.value) return wrong("needs a value: " + word.name + "=...");
    return row.apply(draft, *word.value);
  }
  return wrong("no such word");
}

}  // namespace

Result<void> apply_fault_word(FaultDraft& draft, const FaultWord& word) {
  const Result<void> applied = apply_known_word(draft, word);
  if (applied) return {};
  return wrong(quote_bounded(word.name) + ": " + applied.error().message);
}

}  // namespace lookout::fakes
