#include "test/http/server_raw_client.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>

#include "lookout/base/text.hpp"

#include "test/http/server_fixture.hpp"
#include "test/http/server_raw_session.hpp"

namespace lookout::http {
namespace {

int connect_to(const std::string& address, RawClient::Buffer buffer) {
  const std::size_t colon = address.rfind(':');
  const auto port = htons(*parse_number<std::uint16_t>(address.substr(colon + 1)));
  const bool v6 = address.front() == '[';
  const int socket = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
  REQUIRE(socket >= 0);
  const timeval guard{RawClient::kGuard.count(), 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &guard, sizeof guard);
  const int small = 4096;
  if (buffer == RawClient::Buffer::kSmall) {
    ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  }
  int result = -1;
  if (v6) {
    sockaddr_in6 peer{};
    peer.sin6_family = AF_INET6;
    peer.sin6_port = port;
    ::inet_pton(AF_INET6, address.substr(1, colon - 2).c_str(), &peer.sin6_addr);
    result = ::connect(socket, reinterpret_cast<const sockaddr*>(&peer), sizeof peer);
  } else {
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_port = port;
    ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &peer.sin_addr);
    result = ::connect(socket, reinterpret_cast<const sockaddr*>(&peer), sizeof peer);
  }
  REQUIRE(result == 0);
  return socket;
}

Answer parse_head(std::string_view head) {
  Answer answer;
  bool first = true;
  for (std::string_view line : split(head, '\n')) {
    line = trim(line);
    if (first) {
      answer.version = std::string(line.substr(0, 8));
      answer.status = parse_number<int>(line.substr(9, 3)).value_or(0);
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
      answer.headers.add(std::string(line.substr(0, colon)),
                         std::string(trim(line.substr(colon + 1))));
    }
    first = false;
  }
  return answer;
}

}  // namespace

std::string Answer::header(std::string_view name) const {
  const std::string* const value = headers.find(name);
  return value == nullptr ? "" : *value;
}

RawClient::RawClient(const std::string& address, Wire wire, Buffer buffer)
    : socket_(connect_to(address, buffer)) {
  if (wire == Wire::kTls) REQUIRE(secure(trusting_client()));
}

RawClient::~RawClient() {
  session_.reset();
  ::close(socket_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = session_ ? session_->write(bytes)
                                  : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::end_sending() {
  if (session_) return session_->end_sending();
  ::shutdown(socket_, SHUT_WR);
}

long RawClient::receive_some(char* to, std::size_t size) {
  if (session_) return session_->read(to, size, tls_error_);
  return ::recv(socket_, to, size, 0);
}

bool RawClient::receive() {
  std::array<char, 64 * 1024> buffer;
  const long size = receive_some(buffer.data(), buffer.size());
  if (size <= 0) return false;
  received_.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

Answer RawClient::read_answer(After after) {
  std::size_t head_end = 0;
  while ((head_end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return {};
  }
  Answer answer = parse_head(std::string_view(received_).substr(0, head_end));
  received_.erase(0, head_end + 4);
  if (after == After::kHead) return answer;
  const auto length = parse_number<std::size_t>(answer.header("Content-Length"));
  if (!length) return {};
  while (received_.size() < *length) {
    if (!receive()) return {};
  }
  answer.body = received_.substr(0, *length);
  received_.erase(0, *length);
  return answer;
}

std::string RawClient::read_to_end() {
  while (receive()) {
  }
  return std::move(received_);
}

bool RawClient::was_closed() {
  std::array<char, 1> byte;
  const long size = receive_some(byte.data(), byte.size());
  return size == 0 || (size < 0 && errno == ECONNRESET);
}

Answer fetch(const std::string& address, const std::string& path, Wire wire) {
  RawClient client(address, wire);
  client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  return client.read_answer();
}

}  // namespace lookout::http
