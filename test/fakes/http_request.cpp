#include "test/fakes/http_request.hpp"

#include <array>

#include "lookout/base/text.hpp"

namespace lookout::fakes {
namespace {

std::string decode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const char* const digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::map<std::string, std::string> parse_query(std::string_view text) {
  std::map<std::string, std::string> out;
  for (const std::string_view part : split(text, '&')) {
    const std::size_t at = part.find('=');
    const std::string_view value =
        at == std::string_view::npos ? std::string_view() : part.substr(at + 1);
    if (!part.empty()) out.emplace(decode(part.substr(0, at), true), decode(value, true));
  }
  return out;
}

}  // namespace

std::string HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equals_ignoring_case(key, name)) return value;
  }
  return "";
}

std::string HttpRequest::parameter(const std::string& name) const {
  const auto it = query.find(name);
  return it == query.end() ? "" : it->second;
}

std::optional<HttpRequest> parse_request(std::string_view head) {
  std::vector<std::string_view> lines = split(head, '\n');
  const std::vector<std::string_view> words = split(trim(lines.front()), ' ');
  if (words.size() != 3 || !words[2].starts_with("HTTP/1.")) return std::nullopt;
  HttpRequest out;
  out.method = std::string(words[0]);
  const std::size_t mark = words[1].find('?');
  out.path = decode(words[1].substr(0, mark), false);
  if (mark != std::string_view::npos) out.raw_query = std::string(words[1].substr(mark + 1));
  out.query = parse_query(out.raw_query);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t colon = lines[i].find(':');
    if (colon == std::string_view::npos) continue;
    out.headers.emplace_back(lines[i].substr(0, colon), trim(lines[i].substr(colon + 1)));
  }
  return out;
}

bool RequestReader::fill() {
  std::array<char, 4096> bytes;
  const std::size_t count = connection_.read(bytes);
  buffer_.append(bytes.data(), count);
  return count > 0;
}

bool RequestReader::skip(std::size_t bytes) {
  while (buffer_.size() < bytes) {
    bytes -= buffer_.size();
    buffer_.clear();
    if (!fill()) return false;
  }
  buffer_.erase(0, bytes);
  return true;
}

bool RequestReader::read_body(HttpRequest& request) {
  const std::size_t length =
      parse_number<std::size_t>(request.header("Content-Length")).value_or(0);
  if (length > kBodyBytesMax) return skip(length);
  while (buffer_.size() < length) {
    if (!fill()) return false;
  }
  request.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return true;
}

std::optional<HttpRequest> RequestReader::next() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (buffer_.size() > kHeaderBytesMax || !fill()) return std::nullopt;
  }
  std::optional<HttpRequest> out = parse_request(std::string_view(buffer_).substr(0, end));
  buffer_.erase(0, end + 4);
  if (!out || !read_body(*out)) return std::nullopt;
  return out;
}

}  // namespace lookout::fakes
