#include "test/fakes/tls_session.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "lookout/base/check.hpp"

namespace lookout::fakes {

struct TlsContext::State {
  SSL_CTX* context = nullptr;
  ~State() { SSL_CTX_free(context); }
};

struct TlsSession::State {
  SSL* ssl = nullptr;
  ~State() { SSL_free(ssl); }

  Step outcome(int result) const {
    if (result > 0) return {Step::Kind::kMoved, static_cast<std::size_t>(result)};
    const int error = SSL_get_error(ssl, result);
    ERR_clear_error();
    if (error == SSL_ERROR_WANT_READ) return {Step::Kind::kWantRead, 0};
    if (error == SSL_ERROR_WANT_WRITE) return {Step::Kind::kWantWrite, 0};
    return {Step::Kind::kClosed, 0};
  }
};

TlsContext::TlsContext(const TlsIdentity& identity) : state_(new State) {
  state_->context = SSL_CTX_new(TLS_server_method());
  BIO* const cert_bio = BIO_new_mem_buf(identity.cert_pem.data(), -1);
  BIO* const key_bio = BIO_new_mem_buf(identity.key_pem.data(), -1);
  X509* const cert = PEM_read_bio_X509(cert_bio, nullptr, nullptr, nullptr);
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(key_bio, nullptr, nullptr, nullptr);
  LOOKOUT_CHECK(SSL_CTX_use_certificate(state_->context, cert) == 1);
  LOOKOUT_CHECK(SSL_CTX_use_PrivateKey(state_->context, key) == 1);
  SSL_CTX_set_mode(state_->context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  X509_free(cert);
  EVP_PKEY_free(key);
  BIO_free(cert_bio);
  BIO_free(key_bio);
}

TlsContext::~TlsContext() = default;

TlsSession::TlsSession(const TlsContext& context, int descriptor) : state_(new State) {
  state_->ssl = SSL_new(context.state_->context);
  SSL_set_fd(state_->ssl, descriptor);
  SSL_set_accept_state(state_->ssl);
}

TlsSession::~TlsSession() = default;

TlsSession::Step TlsSession::read(std::span<char> out) {
  return state_->outcome(SSL_read(state_->ssl, out.data(), static_cast<int>(out.size())));
}

TlsSession::Step TlsSession::write(std::string_view bytes) {
  return state_->outcome(SSL_write(state_->ssl, bytes.data(), static_cast<int>(bytes.size())));
}

bool TlsSession::has_pending() const {
  return SSL_pending(state_->ssl) > 0;
}

}  // namespace lookout::fakes
