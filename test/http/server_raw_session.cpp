#include "test/http/server_raw_session.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/socket.h>

#include <cerrno>

#include "lookout/base/check.hpp"

namespace lookout::http {
namespace {

X509* certificate_of(const std::string& pem) {
  BIO* const bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* const certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  LOOKOUT_CHECK(certificate != nullptr);
  return certificate;
}

void present(SSL_CTX* context, const fakes::TlsIdentity& identity) {
  X509* const certificate = certificate_of(identity.cert_pem);
  BIO* const bio = BIO_new_mem_buf(identity.key_pem.data(), -1);
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  LOOKOUT_CHECK(SSL_CTX_use_certificate(context, certificate) == 1);
  LOOKOUT_CHECK(SSL_CTX_use_PrivateKey(context, key) == 1);
  EVP_PKEY_free(key);
  BIO_free(bio);
  X509_free(certificate);
}

int write_quietly(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  return static_cast<int>(::send(static_cast<int>(BIO_get_fd(bio, nullptr)), bytes,
                                 static_cast<std::size_t>(size), MSG_NOSIGNAL));
}

// OpenSSL's own without the SIGPIPE of a peer that has gone.
const BIO_METHOD* quiet_socket() {
  static const BIO_METHOD* const made = [] {
    const BIO_METHOD* const own = BIO_s_socket();
    BIO_METHOD* const quiet = BIO_meth_new(BIO_TYPE_SOCKET, "quiet socket");
    BIO_meth_set_write(quiet, write_quietly);
    BIO_meth_set_read(quiet, BIO_meth_get_read(own));
    BIO_meth_set_ctrl(quiet, BIO_meth_get_ctrl(own));
    BIO_meth_set_create(quiet, BIO_meth_get_create(own));
    BIO_meth_set_destroy(quiet, BIO_meth_get_destroy(own));
    return quiet;
  }();
  return made;
}

std::string take_error() {
  const char* const text = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return text == nullptr ? "" : text;
}

}  // namespace

RawClient::Session::Session(const ClientTls& tls, int socket)
    : context(SSL_CTX_new(TLS_client_method())) {
  X509* const authority = certificate_of(tls.ca_pem);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority);
  X509_free(authority);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_security_level(context, 0);  // to offer what the server must refuse
  SSL_CTX_set_min_proto_version(context, 0);
  SSL_CTX_set_max_proto_version(context, tls.version_max);
  if (!tls.ciphers.empty()) SSL_CTX_set_cipher_list(context, tls.ciphers.c_str());
  if (tls.identity) present(context, *tls.identity);
  ssl = SSL_new(context);
  SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(tls.protocols.data()),
                      static_cast<unsigned>(tls.protocols.size()));
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), "127.0.0.1");
  BIO* const bio = BIO_new(quiet_socket());
  BIO_set_fd(bio, socket, BIO_NOCLOSE);
  SSL_set_bio(ssl, bio, bio);
}

RawClient::Session::~Session() {
  SSL_free(ssl);
  SSL_CTX_free(context);
}

bool RawClient::Session::shake_hands(std::string& failure) {
  ERR_clear_error();
  if (SSL_connect(ssl) == 1) return true;
  failure = take_error();
  return false;
}

long RawClient::Session::write(std::string_view bytes) {
  ERR_clear_error();
  return SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size()));
}

long RawClient::Session::read(char* to, std::size_t size, std::string& failure) {
  ERR_clear_error();
  errno = 0;
  const int got = SSL_read(ssl, to, static_cast<int>(size));
  if (got > 0) return got;
  const int reason = SSL_get_error(ssl, got);
  if (reason == SSL_ERROR_WANT_READ) return -1;  // the guard
  notified = reason == SSL_ERROR_ZERO_RETURN;
  failure = take_error();
  return 0;
}

void RawClient::Session::end_sending() {
  SSL_shutdown(ssl);
}

bool RawClient::secure(const ClientTls& tls) {
  session_ = std::make_unique<Session>(tls, socket_);
  return session_->shake_hands(tls_error_);
}

std::string RawClient::version() const {
  return session_ ? SSL_get_version(session_->ssl) : "";
}

std::string RawClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  if (session_) SSL_get0_alpn_selected(session_->ssl, &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string RawClient::peer_name() const {
  X509* const peer = session_ ? SSL_get0_peer_certificate(session_->ssl) : nullptr;
  if (peer == nullptr) return "";
  char text[256] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(peer), NID_commonName, text, sizeof text);
  return text;
}

bool RawClient::ended_cleanly() const {
  return session_ && session_->notified;
}

}  // namespace lookout::http
