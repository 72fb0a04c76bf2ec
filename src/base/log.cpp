#include "lookout/base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>

#include "lookout/base/text.hpp"

namespace lookout::log {
namespace {

constexpr std::size_t kValueBytesMax = 1024;

std::atomic<Format> g_format{Format::kText};

// The whole line is built here; spdlog adds time and level around it.
spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>(
        "lookout", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::kDebug: return spdlog::level::debug;
    case Level::kInfo: return spdlog::level::info;
    case Level::kWarn: return spdlog::level::warn;
    case Level::kError: return spdlog::level::err;
  }
  return spdlog::level::err;
}

// Valid in JSON and safe on a terminal: everything but printable ASCII escaped.
std::string quote(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text.substr(0, kValueBytesMax)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  out += '"';
  return out;
}

bool needs_quotes(std::string_view text) {
  return text.empty() || text.size() > kValueBytesMax ||
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./:@%+,") != std::string_view::npos;
}

std::string text_line(std::string_view event, Fields fields) {
  std::string line(event);
  for (const Field& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    line += needs_quotes(field.value) ? quote(field.value) : field.value;
  }
  return line;
}

std::string json_members(std::string_view event, Fields fields) {
  std::string line = "\"event\":" + quote(event);
  for (const Field& field : fields) {
    line += ',';
    line += quote(field.key);
    line += ':';
    line += field.quoted ? quote(field.value) : field.value;
  }
  return line;
}

}  // namespace

void configure(Level level, Format format) {
  g_format = format;
  logger().set_level(spdlog_level(level));
  logger().flush_on(spdlog::level::trace);
  logger().set_pattern(format == Format::kJson
                           ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                           : "%Y-%m-%dT%H:%M:%S.%eZ %l %v",
                       spdlog::pattern_time_type::utc);
}

void write(Level level, std::string_view event, Fields fields) {
  const auto severity = spdlog_level(level);
  if (!logger().should_log(severity)) return;
  const std::string line =
      g_format == Format::kJson ? json_members(event, fields) : text_line(event, fields);
  logger().log(severity, spdlog::string_view_t(line));
}

}  // namespace lookout::log
