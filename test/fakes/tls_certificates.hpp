// Certificates made when a test starts: a CA of its own and a server certificate for
// 127.0.0.1, ::1 and localhost. P-256, valid for a day. Nothing of it is ever stored.
#pragma once

#include <string>

namespace lookout::fakes {

struct ServerCertificate {
  std::string ca_pem;
  std::string cert_pem;
  std::string key_pem;
};

ServerCertificate make_server_certificate();

}  // namespace lookout::fakes
