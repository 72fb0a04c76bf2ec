// A CA made when a test starts, and certificates of every kind that a client must
// accept or refuse. P-256; nothing of it is ever stored.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace lookout::fakes {

struct TlsIdentity {
  std::string cert_pem;
  std::string key_pem;
};

enum class Validity { kCurrent, kExpired, kNotYet };

struct CertificateRequest {
  std::string subject_alt_name = "DNS:localhost,IP:127.0.0.1";  // OpenSSL's syntax
  Validity validity = Validity::kCurrent;
  std::string common_name = "leaf";  // "": none
  std::vector<std::string> organizations = {};
  std::string usage = "serverAuth,clientAuth";  // OpenSSL's syntax
  bool names_key = true;  // of the CA that signs it: tells one from another of the same name
};

class CertificateAuthority {
 public:
  explicit CertificateAuthority(const std::string& common_name = "test CA");
  ~CertificateAuthority();

  std::string ca_pem() const;
  // The CA's certificate, signed by itself, as if it were a server's.
  TlsIdentity own() const;
  // For servers and clients alike.
  TlsIdentity issue(const CertificateRequest& request = {}) const;

 private:
  struct State;  // keeps OpenSSL out of this header
  std::unique_ptr<State> state_;
};

}  // namespace lookout::fakes
