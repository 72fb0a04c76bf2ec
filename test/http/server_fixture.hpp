// Servers under test, plain and over TLS, and the certificates of both sides.
#pragma once

#include <memory>
#include <string>

#include "lookout/http/server.hpp"

#include "test/http/server_raw_client.hpp"
#include "test/system/temporary_folder.hpp"

namespace lookout::http {

// One a process: made when first asked for.
const fakes::CertificateAuthority& test_authority();

// Trusts test_authority().
ClientTls trusting_client();

// A folder with the files that a server reads, as a Secret is mounted: names in it are
// symbolic links through "..data", which write() swaps in one step.
class MountedTls {
 public:
  // Certificate and key of test_authority() for `common_name`.
  explicit MountedTls(const std::string& common_name = "leaf");

  struct Files {
    fakes::TlsIdentity identity;
    std::string client_ca = {};  // "": no such file
  };
  void write(const Files& files);
  // Replaces one file alone, as no Secret does: "tls.crt", "tls.key", "ca.crt".
  void overwrite(const std::string& name, const std::string& content);
  void remove(const std::string& name);

  // Looks for changes all the time. kClientsAsked: with ca.crt.
  enum class Clients { kNotAsked, kAsked };
  ServerTls options(Clients clients = Clients::kNotAsked) const;

 private:
  testing::TemporaryFolder folder_;
  int version_ = 0;
};

// On a free port of 127.0.0.1. REQUIREs success.
std::unique_ptr<Server> start_server(Wire wire, Handler handler, ServerOptions options = {});

// Calls `condition` until it is true or 10 s are over; returns what it said last.
bool eventually(const std::function<bool()>& condition);

}  // namespace lookout::http
