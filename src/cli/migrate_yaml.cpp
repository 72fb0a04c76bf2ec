#include "src/cli/migrate_yaml.hpp"

#include <algorithm>
#include <array>

#include "lookout/base/text.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;
using Kind = Yaml::Kind;

// Words that some YAML reader takes for null or a boolean.
bool is_typed_word(std::string_view text) {
  constexpr std::array<std::string_view, 10> words = {"true", "false", "yes",  "no", "on",
                                                      "off",  "null",  "none", "y",  "n"};
  const std::string lower = to_lower(text);
  return std::find(words.begin(), words.end(), lower) != words.end();
}

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._/-@+").find(c) != std::string_view::npos;
}

// Reads back as it stands: no indicator, no comment, no end of a key. ':' only inside.
bool is_safe_plain(std::string_view text) {
  const auto safe = [&](const char& c) {
    const bool last = &c == &text.back();
    return is_word_byte(c) || (c == ':' && !last && (&c)[1] != ' ') ||
           (c == ' ' && !last && (&c)[1] != ' ');
  };
  constexpr std::string_view kFirst = "-@+. :";
  return !text.empty() && std::all_of(text.begin(), text.end(), safe) &&
         (kFirst.find(text.front()) == std::string_view::npos);
}

// A string that no reader takes for anything else: begins with a letter or '/', or is "5m".
bool is_plain_string(std::string_view text) {
  if (text.empty()) return false;
  const bool letter = (text.front() >= 'a' && text.front() <= 'z') ||
                      (text.front() >= 'A' && text.front() <= 'Z') || text.front() == '/';
  const bool duration = text.back() == 's' || text.back() == 'm' || text.back() == 'h';
  return (letter || duration) && is_safe_plain(text) && !is_typed_word(text);
}

// "-5" and ".5", which is_safe_plain() is too careful for.
bool is_number(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  return !digits.empty() && digits.front() != '.' && digits.back() != '.' &&
         std::count(digits.begin(), digits.end(), '.') <= 1 &&
         std::all_of(digits.begin(), digits.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

void append_hex(unsigned char byte, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\x";
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

// Characters (UTF-8) with an escape of their own: the last four end lines or open files.
struct Escape {
  std::string_view bytes;
  std::string_view escaped;
};
constexpr Escape kEscapes[] = {{"\"", "\\\""},          {"\\", "\\\\"},
                               {"\n", "\\n"},           {"\t", "\\t"},
                               {"\xc2\x85", "\\N"},     {"\xe2\x80\xa8", "\\L"},
                               {"\xe2\x80\xa9", "\\P"}, {"\xef\xbb\xbf", "\\uFEFF"}};

// Appends the first character of `text`; gives its bytes.
std::size_t append_character(std::string_view text, std::string& out) {
  for (const Escape& escape : kEscapes) {
    if (!text.starts_with(escape.bytes)) continue;
    out += escape.escaped;
    return escape.bytes.size();
  }
  const auto byte = static_cast<unsigned char>(text[0]);
  const auto next = static_cast<unsigned char>(text.size() > 1 ? text[1] : '\0');
  const bool c1_control = byte == 0xc2 && next < 0xa0;
  if (c1_control || byte < 0x20 || byte == 0x7f) {
    append_hex(c1_control ? next : byte, out);
  } else {
    out += text[0];
  }
  return c1_control ? 2 : 1;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) text.remove_prefix(append_character(text, out));
  return out + "\"";
}

std::string scalar_text(const Yaml& value) {
  if (value.quoted) return is_plain_string(value.scalar) ? value.scalar : quoted(value.scalar);
  const bool plain = is_safe_plain(value.scalar) || is_number(value.scalar);
  return plain ? value.scalar : quoted(value.scalar);
}

std::string key_text(std::string_view key) {
  const bool plain = is_plain_string(key) && key.find(' ') == std::string_view::npos;
  return plain ? std::string(key) : quoted(key);
}

void render_lines(const Yaml& value, std::size_t indent, std::string& out);

// What follows "key:" or "-", its line end included.
void render_after(const Yaml& value, std::size_t indent, std::string& out) {
  switch (value.kind) {
    case Kind::kNull: out += " null\n"; return;
    case Kind::kScalar: out += " " + scalar_text(value) + "\n"; return;
    case Kind::kSequence: out += value.items.empty() ? " []\n" : "\n"; break;
    case Kind::kMapping: out += value.members.empty() ? " {}\n" : "\n"; break;
  }
  render_lines(value, indent, out);
}

void render_item(const Yaml& item, std::size_t indent, std::string& out) {
  const std::string pad(indent, ' ');
  if (item.kind != Kind::kMapping || item.members.empty()) {
    out += pad + "-";
    render_after(item, indent + 2, out);
    return;
  }
  std::string lines;
  render_lines(item, indent + 2, lines);
  out += pad + "- " + lines.substr(indent + 2);
}

void render_lines(const Yaml& value, std::size_t indent, std::string& out) {
  for (const Yaml& item : value.items) render_item(item, indent, out);
  for (const auto& [key, member] : value.members) {
    out += std::string(indent, ' ') + key_text(key) + ":";
    const bool list = member.kind == Kind::kSequence;
    render_after(member, list ? indent : indent + 2, out);
  }
}

}  // namespace

Yaml yaml_text(std::string text) {
  Yaml value;
  value.kind = Kind::kScalar;
  value.scalar = std::move(text);
  value.quoted = true;
  return value;
}

Yaml yaml_plain(std::string text) {
  Yaml value = yaml_text(std::move(text));
  value.quoted = false;
  return value;
}

Yaml yaml_mapping(std::vector<std::pair<std::string, Yaml>> members) {
  Yaml value;
  value.kind = Kind::kMapping;
  value.members = std::move(members);
  return value;
}

Yaml yaml_list(std::vector<Yaml> items) {
  Yaml value;
  value.kind = Kind::kSequence;
  value.items = std::move(items);
  return value;
}

bool is_empty(const Yaml& value) {
  return value.is_null() || (value.scalar.empty() && value.items.empty() && value.members.empty());
}

std::string scalar_of(const Yaml* value) {
  return value != nullptr && value->kind == Kind::kScalar ? value->scalar : std::string();
}

const Yaml* find_path(const Yaml& root, std::string_view path) {
  const Yaml* at = &root;
  for (const std::string_view key : split(path, '.')) {
    if (at != nullptr) at = at->find(key);
  }
  return at;
}

Yaml& make_member(Yaml& mapping, std::string_view key) {
  mapping.kind = Kind::kMapping;
  const auto found = std::find_if(mapping.members.begin(), mapping.members.end(),
                                  [key](const auto& member) { return member.first == key; });
  return found != mapping.members.end() ? found->second
                                        : mapping.members.emplace_back(key, Yaml()).second;
}

Yaml& make_path(Yaml& root, std::string_view path) {
  Yaml* at = &root;
  for (const std::string_view key : split(path, '.')) at = &make_member(*at, key);
  return *at;
}

std::string render_yaml(const Yaml& value) {
  if (is_empty(value)) return "{}\n";
  std::string out;
  if (value.kind == Kind::kScalar) return scalar_text(value) + "\n";
  render_lines(value, 0, out);
  return out;
}

}  // namespace lookout::cli
