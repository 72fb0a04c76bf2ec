#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <utility>

#include "lookout/base/check.hpp"

#include "test/fakes/raw_server.hpp"

namespace lookout::fakes {
namespace {

struct Freer {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
template <class T>
using Owned = std::unique_ptr<T, Freer>;

Owned<BIO> bio_of(const std::string& pem) {
  return Owned<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Owned<X509> certificate_of(const std::string& pem) {
  return Owned<X509>(PEM_read_bio_X509(bio_of(pem).get(), nullptr, nullptr, nullptr));
}

// The first is the server's own.
void use_chain(SSL_CTX* context, const std::string& pem) {
  const Owned<BIO> bio = bio_of(pem);
  Owned<X509> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  LOOKOUT_CHECK(SSL_CTX_use_certificate(context, certificate.get()) == 1);
  for (;;) {
    certificate.reset(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate) break;
    LOOKOUT_CHECK(SSL_CTX_add1_chain_cert(context, certificate.get()) == 1);
  }
  ERR_clear_error();
}

Owned<SSL_CTX> context_of(const ServerTls& tls) {
  Owned<SSL_CTX> context(SSL_CTX_new(TLS_server_method()));
  const Owned<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(bio_of(tls.identity.key_pem).get(), nullptr, nullptr, nullptr));
  use_chain(context.get(), tls.identity.cert_pem);
  LOOKOUT_CHECK(SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1);
  if (tls.outdated) {
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), TLS1_1_VERSION);
  }
  if (!tls.client_ca_pem.empty()) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()),
                        certificate_of(tls.client_ca_pem).get());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

void set_guard(int descriptor, int option) {
  const timeval guard{RawConnection::kGuard.count(), 0};
  ::setsockopt(descriptor, SOL_SOCKET, option, &guard, sizeof guard);
}

}  // namespace

struct RawConnection::Tls {
  Owned<SSL_CTX> context;
  Owned<SSL> session;
};

RawConnection::RawConnection(int descriptor) : descriptor_(descriptor) {
  // OpenSSL writes with write(2), which raises the signal on a closed peer.
  std::signal(SIGPIPE, SIG_IGN);
  set_guard(descriptor_, SO_RCVTIMEO);
  set_guard(descriptor_, SO_SNDTIMEO);
}

RawConnection::~RawConnection() {
  close_descriptor();
}

bool RawConnection::start_tls(const ServerTls& tls) {
  auto started = std::make_unique<Tls>();
  started->context = context_of(tls);
  started->session.reset(SSL_new(started->context.get()));
  SSL_set_fd(started->session.get(), descriptor_);
  const bool accepted = SSL_accept(started->session.get()) == 1;
  ERR_clear_error();
  if (accepted) tls_ = std::move(started);
  return accepted;
}

std::string RawConnection::server_name() const {
  if (!tls_) return "";
  const char* const name = SSL_get_servername(tls_->session.get(), TLSEXT_NAMETYPE_host_name);
  return name != nullptr ? name : "";
}

std::string RawConnection::client_name() const {
  const Owned<X509> shown(tls_ ? SSL_get1_peer_certificate(tls_->session.get()) : nullptr);
  if (!shown) return "";
  std::array<char, 64> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, name.data(),
                            static_cast<int>(name.size()));
  return name.data();
}

std::size_t RawConnection::receive(char* out, std::size_t size) {
  if (!tls_) {
    const ssize_t count = ::recv(descriptor_, out, size, 0);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  const int count = SSL_read(tls_->session.get(), out, static_cast<int>(size));
  ERR_clear_error();
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

bool RawConnection::fill() {
  std::array<char, 16 * 1024> piece{};
  const std::size_t count = receive(piece.data(), piece.size());
  received_.append(piece.data(), count);
  return count > 0;
}

std::string RawConnection::read_head() {
  for (;;) {
    const std::size_t end = received_.find("\r\n\r\n");
    if (end != std::string::npos) return read_exactly(end + 4);
    if (!fill()) return "";
  }
}

std::string RawConnection::read_exactly(std::size_t count) {
  while (received_.size() < count) {
    if (!fill()) return "";
  }
  const std::string taken = received_.substr(0, count);
  received_.erase(0, count);
  return taken;
}

std::string RawConnection::read_some() {
  if (received_.empty()) fill();
  return std::exchange(received_, "");
}

bool RawConnection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t count = 0;
    if (tls_) {
      count = SSL_write(tls_->session.get(), bytes.data(), static_cast<int>(bytes.size()));
      ERR_clear_error();
    } else {
      count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool RawConnection::write_chunk(std::string_view bytes) {
  std::array<char, 20> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  return write(size.data()) && write(bytes) && write("\r\n");
}

void RawConnection::wait_until_closed() {
  while (fill()) received_.clear();
}

void RawConnection::reset() {
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close_descriptor();
}

void RawConnection::end() {
  if (tls_ && descriptor_ >= 0) SSL_shutdown(tls_->session.get());
  ERR_clear_error();
  close_descriptor();
}

void RawConnection::wake() {
  MutexLock lock(mutex_);
  if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
}

void RawConnection::close_descriptor() {
  MutexLock lock(mutex_);
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace lookout::fakes
