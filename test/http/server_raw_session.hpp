// The client's side of TLS over a blocking socket.
#pragma once

#include <openssl/ssl.h>

#include "test/http/server_raw_client.hpp"

namespace lookout::http {

struct RawClient::Session {
  SSL_CTX* context = nullptr;
  SSL* ssl = nullptr;
  bool notified = false;  // the peer's close_notify came

  Session(const ClientTls& tls, int socket);
  ~Session();

  bool shake_hands(std::string& failure);
  // As send(2) and recv(2); an end without a close_notify is an end too.
  long write(std::string_view bytes);
  long read(char* to, std::size_t size, std::string& failure);
  void end_sending();
};

}  // namespace lookout::http
