#include "src/http/tls_pem.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <climits>

namespace lookout::http {
namespace {

Error invalid(std::string message) {
  return {ErrorCode::kInvalid, std::move(message)};
}

OpensslPtr<BIO> memory_bio(const std::string& text) {
  if (text.size() > INT_MAX) return nullptr;
  return OpensslPtr<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// An encrypted key must fail, not ask on the terminal.
int no_password(char*, int, int, void*) {
  return 0;
}

}  // namespace

Result<Certificates> parse_certificates(const std::string& pem) {
  const OpensslPtr<BIO> bio = memory_bio(pem);
  Certificates certificates;
  ERR_clear_error();
  while (X509* const certificate = PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr)) {
    certificates.emplace_back(certificate);
  }
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  if (ERR_GET_REASON(error) != PEM_R_NO_START_LINE) return invalid("not valid PEM");
  if (certificates.empty()) return invalid("no certificate in the PEM text");
  return certificates;
}

Result<OpensslPtr<EVP_PKEY>> parse_private_key(const std::string& pem) {
  const OpensslPtr<BIO> bio = memory_bio(pem);
  OpensslPtr<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  if (!key) return invalid("no usable private key in the PEM text");
  return key;
}

Result<OpensslPtr<X509_STORE>> trust(const Certificates& certificates) {
  OpensslPtr<X509_STORE> store(X509_STORE_new());
  for (const auto& certificate : certificates) {
    if (X509_STORE_add_cert(store.get(), certificate.get()) != 1) {
      ERR_clear_error();
      return invalid("OpenSSL refuses a certificate");
    }
  }
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  return store;
}

bool belong_together(X509* certificate, EVP_PKEY* key) {
  const bool same = X509_check_private_key(certificate, key) == 1;
  ERR_clear_error();
  return same;
}

std::string tls_error_text(int value) {
  const auto code = static_cast<unsigned long>(value);
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_EXCESSIVE_MESSAGE_SIZE) {
    return "certificate chain is too long (" + std::string(ERR_reason_error_string(code)) + ")";
  }
  const char* const reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "error " + std::to_string(value);
}

std::string take_tls_error() {
  const unsigned long value = ERR_peek_last_error();
  ERR_clear_error();
  return tls_error_text(static_cast<int>(value));
}

}  // namespace lookout::http
