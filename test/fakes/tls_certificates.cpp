#include "test/fakes/tls_certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "lookout/base/check.hpp"

namespace lookout::fakes {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Bio = std::unique_ptr<BIO, Freer<BIO_free>>;

Key make_key() {
  return Key(EVP_EC_gen("P-256"));
}

void add_extension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  LOOKOUT_CHECK(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate make_certificate(EVP_PKEY* key, const char* common_name) {
  constexpr long kDaySeconds = 86'400;
  Certificate out(X509_new());
  X509_set_version(out.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(out.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(out.get()), -kDaySeconds / 24);
  X509_gmtime_adj(X509_getm_notAfter(out.get()), kDaySeconds);
  X509_set_pubkey(out.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
  return out;
}

std::string text_of(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string certificate_pem(X509* certificate) {
  Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return text_of(bio);
}

std::string key_pem(EVP_PKEY* key) {
  Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(bio);
}

}  // namespace

ServerCertificate make_server_certificate() {
  const Key ca_key = make_key();
  const Certificate ca = make_certificate(ca_key.get(), "fake cluster CA");
  X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get()));
  add_extension(ca.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(ca.get(), NID_key_usage, "critical,keyCertSign");
  LOOKOUT_CHECK(X509_sign(ca.get(), ca_key.get(), EVP_sha256()) > 0);

  const Key key = make_key();
  const Certificate leaf = make_certificate(key.get(), "fake API server");
  ASN1_INTEGER_set(X509_get_serialNumber(leaf.get()), 2);
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(ca.get()));
  add_extension(leaf.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
  add_extension(leaf.get(), NID_ext_key_usage, "serverAuth");
  LOOKOUT_CHECK(X509_sign(leaf.get(), ca_key.get(), EVP_sha256()) > 0);
  return {certificate_pem(ca.get()), certificate_pem(leaf.get()), key_pem(key.get())};
}

}  // namespace lookout::fakes
