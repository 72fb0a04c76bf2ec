// The log: one line an event, text or JSON, on standard error.
//   log::info("synced", {{"namespace", ns}, {"releases", count}});
// An error is logged once, by whoever decides what to do about it. Values are
// escaped and cut at 1,024 bytes; callers pass nothing secret.
// Thread-safe; configure() once at start.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"

namespace lookout::log {

enum class Level { kDebug, kInfo, kWarn, kError };
enum class Format { kText, kJson };

struct Field {
  std::string_view key;
  std::string value;
  bool quoted = true;  // false: a number or boolean, bare in JSON

  Field(std::string_view k, std::string v) : key(k), value(std::move(v)) {}
  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(v) {}
  Field(std::string_view k, const Error& e) : key(k), value(e.message) {}
  Field(std::string_view k, bool v) : key(k), value(v ? "true" : "false"), quoted(false) {}
  template <class N>
    requires(std::integral<N> || std::floating_point<N>) && (!std::same_as<N, bool>)
  Field(std::string_view k, N v) : key(k), value(std::to_string(v)), quoted(false) {}
};
using Fields = std::initializer_list<Field>;

void configure(Level level, Format format);
void write(Level level, std::string_view event, Fields fields);

inline void debug(std::string_view event, Fields fields = {}) {
  write(Level::kDebug, event, fields);
}
inline void info(std::string_view event, Fields fields = {}) {
  write(Level::kInfo, event, fields);
}
inline void warn(std::string_view event, Fields fields = {}) {
  write(Level::kWarn, event, fields);
}
inline void error(std::string_view event, Fields fields = {}) {
  write(Level::kError, event, fields);
}

}  // namespace lookout::log
