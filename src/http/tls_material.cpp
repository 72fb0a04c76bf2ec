#include "src/http/tls_material.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "lookout/system/files.hpp"

namespace lookout::http {
namespace {

Error invalid(std::string message) {
  return {ErrorCode::kInvalid, std::move(message)};
}

// A few certificates of a few kilobytes; OpenSSL's own limit is 100 KB.
constexpr long kPeerChainBytesMax = 32 * 1024;

std::string given_variable(const char* name, const char* otherwise) {
  const auto variables = system::environment();
  const auto found = variables.find(name);
  return found == variables.end() ? otherwise : found->second;
}

// Read once: every context that trusts the system shares it (a bundle is about a megabyte).
X509_STORE* system_store() {
  static const OpensslPtr<X509_STORE> store = [] {
    OpensslPtr<X509_STORE> made(X509_STORE_new());
    const std::string file =
        given_variable(X509_get_default_cert_file_env(), X509_get_default_cert_file());
    const std::string folder =
        given_variable(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
    X509_STORE_load_file(made.get(), file.c_str());
    X509_STORE_load_path(made.get(), folder.c_str());
    ERR_clear_error();
    return made;
  }();
  return store.get();
}

std::string refusal_text(int code) {
  const std::string reason = X509_verify_cert_error_string(code);
  switch (code) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "certificate is signed by an unknown authority (" + reason + ")";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return "certificate is for another host (" + reason + ")";
    default: return reason;
  }
}

}  // namespace

Result<std::shared_ptr<TlsMaterial>> TlsMaterial::create(const TlsOptions& options,
                                                         std::string host) {
  std::shared_ptr<TlsMaterial> material(new TlsMaterial());
  material->host_ = std::move(host);
  material->verifies_ = !options.insecure_skip_verify;
  if (auto loaded = material->load(options); !loaded) return loaded.error();
  return material;
}

Result<void> TlsMaterial::load(const TlsOptions& options) {
  if (!options.ca_pem.empty()) {
    const auto certificates = parse_certificates(options.ca_pem);
    if (!certificates) return invalid("ca: " + certificates.error().message);
    auto store = trust(*certificates);
    if (!store) return invalid("ca: " + store.error().message);
    trusted_ = std::move(*store);
  }
  if (options.cert_pem.empty() != options.key_pem.empty()) {
    return invalid("client certificate: certificate and key belong together, one is missing");
  }
  if (options.cert_pem.empty()) return {};
  auto chain = parse_certificates(options.cert_pem);
  if (!chain) return invalid("client certificate: " + chain.error().message);
  auto key = parse_private_key(options.key_pem);
  if (!key) return invalid("client key: " + key.error().message);
  if (!belong_together(chain->front().get(), key->get())) {
    return invalid("client key: does not belong to the client certificate");
  }
  client_chain_ = std::move(*chain);
  client_key_ = std::move(*key);
  return {};
}

void TlsMaterial::apply(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // Answers hold Secrets: none is left in a connection that waits to be used again.
  SSL_CTX_set_options(context, SSL_OP_CLEANSE_PLAINTEXT);
  SSL_CTX_set_max_cert_list(context, kPeerChainBytesMax);
  SSL_CTX_set1_cert_store(context, trusted_ ? trusted_.get() : system_store());
  if (verifies_) {
    expect_host(context);
    SSL_CTX_set_cert_verify_callback(context, &TlsMaterial::verify, this);
  }
  if (!client_key_) return;
  SSL_CTX_use_certificate(context, client_chain_.front().get());
  SSL_CTX_use_PrivateKey(context, client_key_.get());
  for (std::size_t i = 1; i < client_chain_.size(); ++i) {
    SSL_CTX_add1_chain_cert(context, client_chain_[i].get());
  }
}

void TlsMaterial::introduce(SSL* session) const {
  if (!is_ip_address(host_)) SSL_set_tlsext_host_name(session, host_.c_str());
}

void TlsMaterial::expect_host(SSL_CTX* context) const {
  X509_VERIFY_PARAM* const expected = SSL_CTX_get0_param(context);
  if (is_ip_address(host_)) {
    X509_VERIFY_PARAM_set1_ip_asc(expected, host_.c_str());
  } else {
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(expected, host_.data(), host_.size());
  }
}

int TlsMaterial::verify(X509_STORE_CTX* chain, void* self) {
  auto& material = *static_cast<TlsMaterial*>(self);
  const int accepted = X509_verify_cert(chain);
  if (accepted != 1) {
    MutexLock lock(material.mutex_);
    material.last_refusal_ = refusal_text(X509_STORE_CTX_get_error(chain));
  }
  return accepted;
}

std::string TlsMaterial::last_refusal() const {
  MutexLock lock(mutex_);
  return last_refusal_;
}

void initialize_tls_library() {
  OPENSSL_init_ssl(0, nullptr);
}

void hide_system_certificates() {
  for (const char* name : {X509_get_default_cert_file_env(), X509_get_default_cert_dir_env()}) {
    system::set_for_libraries(name, "/dev/null");
  }
}

bool is_tls_error(int value) {
  return ERR_GET_LIB(static_cast<unsigned long>(value)) == ERR_LIB_SSL;
}

bool is_certificate_refusal(int value) {
  return is_tls_error(value) &&
         ERR_GET_REASON(static_cast<unsigned long>(value)) == SSL_R_CERTIFICATE_VERIFY_FAILED;
}

}  // namespace lookout::http
