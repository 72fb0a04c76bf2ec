#include "test/fakes/certificate_authority.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>

#include "lookout/base/check.hpp"

namespace lookout::fakes {
namespace {

constexpr long kDaySeconds = 86'400;

struct Freer {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Freer>;
using Certificate = std::unique_ptr<X509, Freer>;
using Bio = std::unique_ptr<BIO, Freer>;

std::string text_of(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  LOOKOUT_CHECK(PEM_write_bio_X509(bio.get(), certificate) == 1);
  return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  LOOKOUT_CHECK(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr));
  return text_of(bio.get());
}

void add_extension(X509* certificate, int nid, const std::string& value, X509* issuer = nullptr) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  LOOKOUT_CHECK(made != nullptr);
  X509_add_ext(certificate, made, -1);
  X509_EXTENSION_free(made);
}

void set_validity(X509* certificate, Validity validity) {
  const long shift_days = validity == Validity::kExpired  ? -2
                          : validity == Validity::kNotYet ? 2
                                                          : 0;
  X509_gmtime_adj(X509_getm_notBefore(certificate), (shift_days * kDaySeconds) - 3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), (shift_days + 1) * kDaySeconds);
}

void add_name(X509* certificate, const char* field, const std::string& value) {
  if (value.empty()) return;
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), field, MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1, 0);
}

Certificate unsigned_certificate(EVP_PKEY* key, const std::string& common_name) {
  static std::atomic<long> serial{1};
  Certificate made(X509_new());
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial.fetch_add(1));
  set_validity(made.get(), Validity::kCurrent);
  X509_set_pubkey(made.get(), key);
  add_name(made.get(), "CN", common_name);
  return made;
}

}  // namespace

struct CertificateAuthority::State {
  Key key;
  Certificate certificate;
};

CertificateAuthority::CertificateAuthority(const std::string& common_name)
    : state_(std::make_unique<State>()) {
  state_->key = Key(EVP_EC_gen("P-256"));
  state_->certificate = unsigned_certificate(state_->key.get(), common_name);
  X509* const certificate = state_->certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  // By these a client tells authorities of the same name apart, as after a rotation.
  add_extension(certificate, NID_subject_key_identifier, "hash");
  LOOKOUT_CHECK(X509_sign(certificate, state_->key.get(), EVP_sha256()) > 0);
}

CertificateAuthority::~CertificateAuthority() = default;

std::string CertificateAuthority::ca_pem() const {
  return pem_of(state_->certificate.get());
}

TlsIdentity CertificateAuthority::own() const {
  return {ca_pem(), pem_of(state_->key.get())};
}

TlsIdentity CertificateAuthority::issue(const CertificateRequest& request) const {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate leaf = unsigned_certificate(key.get(), request.common_name);
  for (const std::string& name : request.organizations) add_name(leaf.get(), "O", name);
  set_validity(leaf.get(), request.validity);
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(state_->certificate.get()));
  add_extension(leaf.get(), NID_subject_alt_name, request.subject_alt_name);
  add_extension(leaf.get(), NID_ext_key_usage, request.usage);
  if (request.names_key) {
    add_extension(leaf.get(), NID_authority_key_identifier, "keyid", state_->certificate.get());
  }
  LOOKOUT_CHECK(X509_sign(leaf.get(), state_->key.get(), EVP_sha256()) > 0);
  return {pem_of(leaf.get()), pem_of(key.get())};
}

}  // namespace lookout::fakes
