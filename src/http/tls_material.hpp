// TLS settings as OpenSSL objects, parsed once and put into every context that a backend
// makes: cpprestsdk one a connection, Beast one a transport.
#pragma once

#include <memory>
#include <string>

#include "lookout/base/mutex.hpp"
#include "lookout/base/result.hpp"
#include "lookout/http/transport.hpp"

#include "src/http/tls_pem.hpp"

namespace lookout::http {

// Thread-safe after creation; outlives every context it was applied to.
class TlsMaterial {
 public:
  // kInvalid: "ca: ...", "client certificate: ..." or "client key: ...".
  // `host` is the name or address that the certificate must be for.
  static Result<std::shared_ptr<TlsMaterial>> create(const TlsOptions& options, std::string host);

  void apply(SSL_CTX* context);
  // Asks for the host by name (SNI); RFC 6066 knows no addresses there.
  void introduce(SSL* session) const;

  // Why the last verification of this peer's certificate failed, "" when none did.
  // OpenSSL's own error only says that it failed.
  std::string last_refusal() const EXCLUDES(mutex_);

 private:
  TlsMaterial() = default;
  Result<void> load(const TlsOptions& options);
  void expect_host(SSL_CTX* context) const;
  static int verify(X509_STORE_CTX* chain, void* self);

  std::string host_;
  bool verifies_ = true;
  OpensslPtr<X509_STORE> trusted_;  // null: the system's
  Certificates client_chain_;       // leaf first
  OpensslPtr<EVP_PKEY> client_key_;

  mutable Mutex mutex_;
  std::string last_refusal_ GUARDED_BY(mutex_);
};

void initialize_tls_library();

// From libraries that ask OpenSSL for them; TlsMaterial still finds them. Before any thread starts.
void hide_system_certificates();

// Whether `value` is a packed error of OpenSSL's SSL library.
bool is_tls_error(int value);
bool is_certificate_refusal(int value);

}  // namespace lookout::http
