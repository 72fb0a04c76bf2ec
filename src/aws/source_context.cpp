#include "src/aws/source_context.hpp"

#include <algorithm>
#include <utility>

#include "lookout/base/text.hpp"

namespace lookout::aws {

std::string variable(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

bool is_true(const Environment& environment, const std::string& name) {
  return equals_ignoring_case(variable(environment, name), "true");
}

bool is_header_text(const std::string& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_one_line(const std::string& text) {
  return !text.empty() &&
         std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n'; });
}

bool is_usable(const Credentials& credentials) {
  return is_header_text(credentials.access_key_id) && is_one_line(credentials.secret_access_key) &&
         (credentials.session_token.empty() || is_header_text(credentials.session_token));
}

Error named(const std::string& where, Error error) {
  error.message = where + ": " + error.message;
  return error;
}

}  // namespace lookout::aws
