// PEM text → OpenSSL objects. Errors are kInvalid and hold nothing of the text.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "lookout/base/result.hpp"

namespace lookout::http {

struct OpensslDeleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* check) const { X509_STORE_CTX_free(check); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
template <class T>
using OpensslPtr = std::unique_ptr<T, OpensslDeleter>;

using Certificates = std::vector<OpensslPtr<X509>>;

// All of them, at least one; blocks of other kinds are passed over.
Result<Certificates> parse_certificates(const std::string& pem);

// The first one; an encrypted key is an error.
Result<OpensslPtr<EVP_PKEY>> parse_private_key(const std::string& pem);

// A certificate that is an intermediate is trusted as far as it goes, like Go's
// x509.CertPool.
Result<OpensslPtr<X509_STORE>> trust(const Certificates& certificates);

bool belong_together(X509* certificate, EVP_PKEY* key);

// Text of a packed OpenSSL error ("certificate verify failed", "ee key too small").
std::string tls_error_text(int value);

// That of this thread's last failed call; its error queue is empty then.
std::string take_tls_error();

}  // namespace lookout::http
