#include "src/http/server_tls_context.hpp"

#include <openssl/err.h>

#include <array>
#include <ctime>

#include "lookout/base/text.hpp"

namespace lookout::http {
namespace {

constexpr std::size_t kPathQuotedBytesMax = 256;
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";  // TLS 1.2
// As ALPN lists protocols: length, name.
constexpr std::array<unsigned char, 9> kProtocols = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

Error invalid(const PemFile& file, const std::string& reason) {
  return {ErrorCode::kInvalid, quote_bounded(file.path, kPathQuotedBytesMax) + ": " + reason};
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  unsigned char* found = nullptr;
  const int outcome = SSL_select_next_proto(&found, chosen_size, kProtocols.data(),
                                            kProtocols.size(), offered, offered_size);
  *chosen = found;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool use_modern_protocol(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets keep no state here
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, kCiphers) == 1;
}

std::int64_t not_after(const X509* certificate) {
  std::tm utc{};
  ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &utc);
  return ::timegm(&utc);
}

// Returns when the certificate expires.
Result<std::int64_t> present(SSL_CTX* context, const PemFiles& files) {
  const auto chain = parse_certificates(files.certificate.text);
  if (!chain) return invalid(files.certificate, chain.error().message);
  const auto key = parse_private_key(files.private_key.text);
  if (!key) return invalid(files.private_key, key.error().message);
  X509* const leaf = chain->front().get();
  if (!belong_together(leaf, key->get())) {
    return invalid(files.private_key, "does not belong to the certificate");
  }
  if (SSL_CTX_use_certificate(context, leaf) != 1)
    return invalid(files.certificate, take_tls_error());
  if (SSL_CTX_use_PrivateKey(context, key->get()) != 1) {
    return invalid(files.private_key, take_tls_error());
  }
  for (std::size_t i = 1; i < chain->size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, (*chain)[i].get()) != 1) {
      return invalid(files.certificate, take_tls_error());
    }
  }
  return not_after(leaf);
}

Result<void> ask_clients(SSL_CTX* context, const PemFile& client_ca) {
  const auto certificates = parse_certificates(client_ca.text);
  if (!certificates) return invalid(client_ca, certificates.error().message);
  const auto store = trust(*certificates);
  if (!store) return invalid(client_ca, store.error().message);
  SSL_CTX_set1_cert_store(context, store->get());
  for (const auto& certificate : *certificates) SSL_CTX_add_client_CA(context, certificate.get());
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context, 0);
  return {};
}

std::string text_of(const X509_NAME_ENTRY* entry) {
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
  if (size < 0) ERR_clear_error();
  std::string out;
  if (size > 0) out.assign(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return out;
}

ClientCertificate subject_of(const X509* certificate) {
  ClientCertificate subject;
  const X509_NAME* const name = X509_get_subject_name(certificate);
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    const X509_NAME_ENTRY* const entry = X509_NAME_get_entry(name, i);
    const int kind = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
    // Of several the last counts, as for the API server.
    if (kind == NID_commonName) subject.common_name = text_of(entry);
    if (kind == NID_organizationName) subject.organizations.push_back(text_of(entry));
  }
  return subject;
}

}  // namespace

Result<ServerTlsContext> create_server_context(const PemFiles& files) {
  ERR_clear_error();
  OpensslPtr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()));
  if (!context || !use_modern_protocol(context.get())) {
    return Error{ErrorCode::kUnavailable, take_tls_error()};
  }
  const auto expiry = present(context.get(), files);
  if (!expiry) return expiry.error();
  if (!files.client_ca.path.empty()) {
    if (auto asking = ask_clients(context.get(), files.client_ca); !asking) return asking.error();
  }
  ServerTlsContext made;
  made.handshakes = std::make_unique<net::ssl::context>(context.release());
  made.not_after = *expiry;
  return made;
}

std::optional<ClientCertificate> verified_client(SSL* session, SSL_CTX* context) {
  X509* const leaf = SSL_get0_peer_certificate(session);
  const bool asks = SSL_CTX_get_verify_mode(context) != SSL_VERIFY_NONE;
  if (leaf == nullptr || !asks) return std::nullopt;
  const OpensslPtr<X509_STORE_CTX> check(X509_STORE_CTX_new());
  const bool verified = X509_STORE_CTX_init(check.get(), SSL_CTX_get_cert_store(context), leaf,
                                            SSL_get_peer_cert_chain(session)) == 1 &&
                        X509_STORE_CTX_set_default(check.get(), "ssl_client") == 1 &&
                        X509_verify_cert(check.get()) == 1;
  ERR_clear_error();
  if (!verified) return std::nullopt;
  return subject_of(leaf);
}

}  // namespace lookout::http
