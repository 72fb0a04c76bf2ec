#include "test/helm/verdict_sheet.hpp"

#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string_view>
#include <variant>

#include "lookout/base/text.hpp"
#include "lookout/encoding/base64.hpp"
#include "lookout/encoding/gzip.hpp"

#include "test/helm/sheet_text.hpp"

namespace lookout::helm {
namespace {

using encoding::base64_encode;
using encoding::gzip;

// Longer ones stand on the sheet by their length only.
constexpr std::size_t kShownBytesMax = 256;

struct Sheet {
  std::map<std::string, std::vector<std::string>> values;
  std::map<std::string, std::string> facts;
  std::vector<VerdictCase> cases;
};

std::string replaced(std::string_view document, std::string_view value) {
  std::string out;
  for (const char c : document) {
    if (c == '@') {
      out += value;
    } else {
      out += c;
    }
  }
  return out;
}

std::vector<std::string> each_byte(const std::string& bytes,
                                   const std::function<void(std::string damaged, std::size_t at,
                                                            std::vector<std::string>&)>& damage) {
  std::vector<std::string> payloads;
  for (std::size_t i = 0; i < bytes.size(); ++i) damage(bytes, i, payloads);
  return payloads;
}

std::vector<std::string> cut_text(const std::string& text) {
  return each_byte(text, [](std::string damaged, std::size_t at, auto& out) {
    out.push_back(damaged.substr(0, at));
  });
}

std::vector<std::string> cut_bytes(const std::string& bytes) {
  return each_byte(bytes, [](std::string damaged, std::size_t at, auto& out) {
    out.push_back(base64_encode(std::string_view(damaged).substr(0, at)));
  });
}

std::vector<std::string> drop_bytes(const std::string& bytes) {
  return each_byte(bytes, [](std::string damaged, std::size_t at, auto& out) {
    out.push_back(base64_encode(damaged.erase(at, 1)));
  });
}

std::vector<std::string> flip_bytes(const std::string& bytes) {
  return each_byte(bytes, [](std::string damaged, std::size_t at, auto& out) {
    const char good = damaged[at];
    for (int bit = 0; bit < 8; ++bit) {
      damaged[at] = static_cast<char>(good ^ (1 << bit));
      out.push_back(base64_encode(damaged));
    }
  });
}

std::vector<std::string> swap_bytes(const std::string& bytes) {
  return each_byte(bytes, [](std::string damaged, std::size_t at, auto& out) {
    for (const char c : std::string_view("\"{]0,\\")) {
      damaged[at] = c;
      out.push_back(base64_encode(damaged));
    }
  });
}

// PREFIX@UNIT@SUFFIX
struct Filled {
  std::string prefix, unit, suffix;
};

Filled filled(const std::string& document) {
  const std::vector<std::string_view> parts = split(document, '@');
  return {std::string(parts.at(0)), std::string(parts.at(1)), std::string(parts.at(2))};
}

std::string repeated(const std::string& unit, std::size_t count) {
  std::string text;
  text.reserve(unit.size() * count);
  if (count != 0) text = unit;
  while (text.size() < unit.size() * count) {
    text.append(text, 0, unit.size() * count - text.size());
  }
  return text;
}

// '#' in a unit is its number.
std::string numbered(const std::string& unit, std::size_t count) {
  const std::size_t mark = unit.find('#');
  if (mark == std::string::npos) return repeated(unit, count);
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text.append(unit, 0, mark).append(std::to_string(i)).append(unit, mark + 1);
  }
  return text;
}

std::string fill(const std::string& document, std::size_t count) {
  const Filled parts = filled(document);
  return base64_encode(gzip(parts.prefix + numbered(parts.unit, count) + parts.suffix));
}

std::string members(const std::string& document, std::size_t count) {
  const Filled parts = filled(document);
  const std::string mib = gzip(repeated(parts.unit, (1U << 20) / parts.unit.size()));
  std::string bomb = gzip(parts.prefix);
  for (std::size_t i = 0; i < count; ++i) bomb += mib;
  return base64_encode(bomb + gzip(parts.suffix));
}

std::size_t count_of(std::string_view op) {
  return parse_number<std::size_t>(op.substr(op.find('-') + 1)).value();
}

std::vector<std::string> payloads_of(const Sheet& sheet, std::string_view op,
                                     std::string_view input) {
  const std::string text = percent_decoded(input);
  if (op == "text") return {text};
  if (op == "json") return {base64_encode(text)};
  if (op.starts_with("fill-")) return {fill(text, count_of(op))};
  if (op.starts_with("members-")) return {members(text, count_of(op))};
  if (op.starts_with("each-")) {
    std::vector<std::string> payloads;
    for (const std::string& value : sheet.values.at(std::string(op.substr(5)))) {
      payloads.push_back(base64_encode(replaced(text, value)));
    }
    return payloads;
  }
  if (op == "cut-text") return cut_text(text);
  const std::string bytes = encoding::base64_decode(text).value();
  if (op == "cut-bytes") return cut_bytes(bytes);
  if (op == "flip-bytes") return flip_bytes(bytes);
  if (op == "swap-bytes") return swap_bytes(bytes);
  if (op == "drop-bytes") return drop_bytes(bytes);
  throw std::runtime_error("unknown operation " + std::string(op));
}

std::vector<std::string> verdicts_of(const Sheet& sheet, std::string_view tokens) {
  static const std::map<std::string, std::string> kLetters = {
      {"e", "empty"}, {"b", "base64"}, {"g", "gzip"}, {"j", "bad_json"}, {"t", "wrong_type"}};
  std::vector<std::string> verdicts;
  for (const std::string_view token : split(tokens, ',')) {
    const std::size_t star = token.find('*');
    const std::string name(token.substr(0, star));
    const auto letter = kLetters.find(name);
    const std::size_t count = star == std::string_view::npos
                                  ? 1
                                  : parse_number<std::size_t>(token.substr(star + 1)).value();
    verdicts.insert(verdicts.end(), count,
                    letter == kLetters.end() ? sheet.facts.at(name) : letter->second);
  }
  return verdicts;
}

bool is_large(std::string_view op) {
  return op.starts_with("fill-") || op.starts_with("members-");
}

void read_line(Sheet& sheet, std::string_view line, SheetPart part) {
  const std::vector<std::string_view> words = split(line, ' ');
  if (words[0] == "V") {
    for (std::size_t i = 2; i < words.size(); ++i) {
      sheet.values[std::string(words[1])].push_back(percent_decoded(words[i]));
    }
  } else if (words[0] == "F") {
    const std::string number(words[1]);
    sheet.facts[number] = line.substr(3 + number.size());
  } else if (words[0] == "C" && !(part == SheetPart::kSmall && is_large(words.at(2)))) {
    sheet.cases.push_back({percent_decoded(words.at(1)),
                           payloads_of(sheet, words.at(2), words.at(3)),
                           verdicts_of(sheet, words.at(4))});
  }
}

std::string seconds_text(const std::optional<std::int64_t>& seconds) {
  return seconds ? std::to_string(*seconds) : "-";
}

std::string shown(const std::string& text) {
  if (text.size() > kShownBytesMax) return std::to_string(text.size()) + "%20bytes";
  return percent_encoded(text);
}

}  // namespace

std::vector<VerdictCase> read_verdict_sheet(const std::string& path, SheetPart part) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  Sheet sheet;
  for (std::string line; std::getline(file, line);) read_line(sheet, line, part);
  return sheet.cases;
}

std::string describe(const DecodeOutcome& outcome) {
  if (const auto* reason = std::get_if<Undecodable>(&outcome)) {
    return std::string(undecodable_reason(*reason));
  }
  const auto& facts = std::get<ReleaseFacts>(outcome);
  const std::string fields[] = {
      facts.status ? std::string(status_name(*facts.status)) : "-",
      facts.has_chart_metadata ? "true" : "false",
      shown(facts.chart),
      shown(facts.chart_version),
      shown(facts.app_version),
      facts.deprecated ? "true" : "false",
      seconds_text(facts.first_deployed_seconds),
      seconds_text(facts.last_deployed_seconds),
  };
  std::string line;
  for (const std::string& field : fields) line += (line.empty() ? "'" : " '") + field + "'";
  return line;
}

}  // namespace lookout::helm
