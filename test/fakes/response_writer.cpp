#include "test/fakes/response_writer.hpp"

#include <cstdio>

namespace lookout::fakes {
namespace {

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 410: return "Gone";
    case 429: return "Too Many Requests";
    default: return "Answer";
  }
}

std::string chunk_head(std::size_t bytes) {
  char text[24];
  std::snprintf(text, sizeof text, "%zx\r\n", bytes);
  return text;
}

}  // namespace

bool ResponseWriter::start(int status, const HeaderFields& headers,
                           std::optional<std::size_t> length) {
  chunked_ = !length;
  std::string head = "HTTP/1.1 " + std::to_string(status) + " ";
  head += reason_phrase(status);
  head += "\r\n";
  for (const auto& [name, value] : headers) head += name + ": " + value + "\r\n";
  head += length ? "Content-Length: " + std::to_string(*length) + "\r\n"
                 : std::string("Transfer-Encoding: chunked\r\n");
  if (fault_.close_connection) head += "Connection: close\r\n";
  return connection_.write(head + "\r\n");
}

bool ResponseWriter::add(std::string_view piece) {
  if (fault_.cut && sent_bytes_ + piece.size() > fault_.cut->after_bytes) return cut(piece);
  sent_bytes_ += piece.size();
  if (!chunked_) return connection_.write(piece);
  if (!fault_.single_bytes) return send_chunk(piece);
  for (std::size_t i = 0; i < piece.size(); ++i) {
    if (!send_chunk(piece.substr(i, 1))) return false;
  }
  return true;
}

bool ResponseWriter::send_chunk(std::string_view bytes) {
  constexpr std::size_t kCopyBytesMax = 16U << 10U;
  if (bytes.empty()) return true;
  std::string head = chunk_head(bytes.size());
  if (bytes.size() > kCopyBytesMax) {
    return connection_.write(head) && connection_.write(bytes) && connection_.write("\r\n");
  }
  head += bytes;
  return connection_.write(head + "\r\n");
}

// The chunk's head promises all of it, so that the peer misses the rest.
bool ResponseWriter::cut(std::string_view bytes) {
  const std::size_t kept = fault_.cut->after_bytes - sent_bytes_;
  if (chunked_ && !connection_.write(chunk_head(bytes.size()))) return false;
  if (!connection_.write(bytes.substr(0, kept))) return false;
  if (fault_.cut->how == BodyCut::How::kReset) connection_.hang_up_by(Hangup::kReset);
  if (fault_.cut->how == BodyCut::How::kStall) {
    while (connection_.wait(MonoTime::max()) == Connection::Event::kWoken) continue;
  }
  return false;
}

bool ResponseWriter::finish() {
  if (chunked_ && !connection_.write("0\r\n\r\n")) return false;
  return !fault_.close_connection;
}

bool ResponseWriter::whole(int status, HeaderFields headers, std::string_view body) {
  return start(status, headers, body.size()) && add(body) && finish();
}

}  // namespace lookout::fakes
