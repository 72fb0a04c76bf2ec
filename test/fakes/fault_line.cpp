#include "test/fakes/fault_line.hpp"

#include "lookout/base/text.hpp"

#include "test/fakes/fault_effects.hpp"

namespace lookout::fakes {
namespace {

Error wrong(std::string reason) {
  return {ErrorCode::kInvalid, std::move(reason)};
}

struct Subject {
  std::string_view name;
  FaultLine::What what;
  std::optional<Verb> verb;
};
constexpr Subject kSubjects[] = {
    {"any", FaultLine::What::kCluster, std::nullopt},
    {"get", FaultLine::What::kCluster, Verb::kGet},
    {"list", FaultLine::What::kCluster, Verb::kList},
    {"watch", FaultLine::What::kCluster, Verb::kWatch},
    {"watchlist", FaultLine::What::kCluster, Verb::kWatchList},
    {"other", FaultLine::What::kCluster, Verb::kOther},
    {"repository", FaultLine::What::kRepository, std::nullopt},
    {"drop", FaultLine::What::kDrop, std::nullopt},
    {"compact", FaultLine::What::kCompact, std::nullopt},
    {"rewind", FaultLine::What::kRewind, std::nullopt},
};

bool concerns_requests(FaultLine::What what) {
  return what == FaultLine::What::kCluster || what == FaultLine::What::kRepository;
}

// drop, compact, rewind.
Result<FaultLine> finish_action(FaultLine line, const std::vector<FaultWord>& words) {
  const bool drop = line.what == FaultLine::What::kDrop;
  if (words.size() > (drop ? 2U : 1U)) return wrong("nothing may follow " + words[0].name);
  if (words.size() == 1) return line;
  const FaultWord& how = words[1];
  if (how.value || (how.name != "fin" && how.name != "reset")) {
    return wrong(quote_bounded(how.name) + ": fin or reset");
  }
  line.hangup = how.name == "fin" ? Hangup::kFin : Hangup::kReset;
  return line;
}

Result<FaultLine> finish_rule(FaultLine line, const std::vector<FaultWord>& words) {
  FaultDraft draft;
  draft.matcher.verb = line.matcher.verb;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (auto applied = apply_fault_word(draft, words[i]); !applied) return applied.error();
  }
  line.matcher = std::move(draft.matcher);
  line.fault = std::move(draft.fault);
  return line;
}

// Where the line that begins the text ends.
std::size_t line_end(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && (text[i] == ';' || text[i] == '\n')) {
      return i;
    }
  }
  return text.size();
}

}  // namespace

Result<FaultLine> parse_fault_line(std::string_view text) {
  const auto words = split_fault_words(text);
  if (!words) return words.error();
  if (words->empty()) return wrong("nothing is said");
  for (const Subject& subject : kSubjects) {
    if (subject.name != words->front().name || words->front().value) continue;
    FaultLine line;
    line.what = subject.what;
    line.matcher.verb = subject.verb;
    return concerns_requests(line.what) ? finish_rule(std::move(line), *words)
                                        : finish_action(std::move(line), *words);
  }
  std::string known;
  for (const Subject& subject : kSubjects) known += " " + std::string(subject.name);
  return wrong(quote_bounded(words->front().name) + ": a line begins with one of" + known);
}

Result<std::vector<FaultLine>> parse_fault_script(std::string_view script) {
  std::vector<FaultLine> out;
  while (!script.empty()) {
    const std::size_t end = line_end(script);
    const std::string_view text = trim(script.substr(0, end));
    script.remove_prefix(std::min(end + 1, script.size()));
    if (text.empty() || text.front() == '#') continue;
    auto line = parse_fault_line(text);
    if (!line) return wrong("in " + quote_bounded(text, 200) + ": " + line.error().message);
    out.push_back(*std::move(line));
  }
  return out;
}

}  // namespace lookout::fakes
