#include "test/fakes/json_text.hpp"

#include <cstdio>

namespace lookout::fakes {
namespace {

void append_escape(std::string& out, char c) {
  switch (c) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '"':
    case '\\':
      out += '\\';
      out += c;
      return;
    default: break;
  }
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
  out += text;
}

bool needs_escape(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20U || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&';
}

void append_line(std::string& out, std::size_t depth) {
  out += '\n';
  out.append(2 * depth, ' ');
}

// The position behind the string that begins at `at`.
std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (needs_escape(c)) {
      append_escape(out, c);
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

std::string pretty_json(std::string_view compact) {
  std::string out;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < compact.size(); ++i) {
    const char c = compact[i];
    if (c == '"') {
      const std::size_t end = string_end(compact, i);
      out += compact.substr(i, end - i);
      i = end - 1;
    } else if (c == '{' || c == '[') {
      out += c;
      append_line(out, ++depth);
    } else if (c == '}' || c == ']') {
      append_line(out, --depth);
      out += c;
    } else if (c == ',') {
      out += c;
      append_line(out, depth);
    } else {
      out += c;
      if (c == ':') out += ' ';
    }
  }
  return out;
}

}  // namespace lookout::fakes
