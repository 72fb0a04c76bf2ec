// One server that is every kind of repository at once, with what hands out credentials for them,
// over real sockets; from arm() to disarm() a script answers instead for one part of it. Each
// answer is the last of its connection, so that requests are what a test counts.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/mutex.hpp"

#include "test/fakes/raw_server.hpp"
#include "test/repository/fake_registry.hpp"

namespace lookout::repository {

// Which requests.
enum class Part {
  kIndex,        // index.yaml by HTTP or S3, the registry's tags
  kContent,      // the registry's manifests and blobs
  kToken,        // the registry's token service
  kCredentials,  // STS, the container endpoint, instance metadata
  kHandshake,    // of TLS: before any request
};

class FaultSite;

// One request that was read, or with kHandshake none yet.
struct Exchange {
  FaultSite& site;
  fakes::RawConnection& connection;
  std::size_t number = 0;  // 1, 2, ... of its part since arm()
  std::string head;        // as it came
  std::string body;

  std::string method() const;
  std::string target() const;
  std::string header(const std::string& name) const;  // "" when absent

  bool send(std::string_view bytes);  // false when the client has gone
  // With Content-Length and Connection: close.
  void answer(int status, const std::string& fields, const std::string& body);
};
using FaultScript = std::function<void(Exchange&)>;

class FaultSite {
 public:
  // By TLS when `authority` is given; it outlives this.
  explicit FaultSite(const fakes::CertificateAuthority* authority = nullptr);

  // "http://127.0.0.1:PORT", with TLS "https://localhost:PORT".
  std::string url() const;
  // Another server that has the same index, and wants nothing for it: "http://localhost:PORT".
  std::string foreign_url() const { return foreign_.url("localhost"); }
  const fakes::CertificateAuthority& authority() const { return *authority_; }

  void arm(Part part, FaultScript script) EXCLUDES(mutex_);
  void disarm() EXCLUDES(mutex_);
  // Blocks until the script runs, ten seconds at most.
  void wait_for_fault() EXCLUDES(mutex_);

  // What it would answer without any fault.
  void serve(Exchange& exchange) EXCLUDES(mutex_);

  void publish(int versions) EXCLUDES(mutex_);
  void send_validators(bool sent) EXCLUDES(mutex_);
  // From now on it takes and hands out other credentials.
  void rotate() EXCLUDES(mutex_);
  std::string secret() const EXCLUDES(mutex_);  // password, or secret access key
  std::string key_id() const EXCLUDES(mutex_);
  void ask_for_tokens() EXCLUDES(mutex_);

  // Since arm().
  std::size_t requests(Part part) const EXCLUDES(mutex_);
  std::size_t bytes_sent() const EXCLUDES(mutex_);
  std::vector<std::string> foreign_heads() const EXCLUDES(mutex_);

 private:
  friend struct Exchange;
  struct Served {
    int status = 200;
    std::string fields;
    std::string body;
  };

  void speak(fakes::RawConnection& connection);
  void speak_as_foreigner(fakes::RawConnection& connection);
  // The script, if that part is at fault.
  FaultScript count(Part part, std::size_t& number) EXCLUDES(mutex_);
  Served serve_index(const Exchange& exchange) const LOCKED(mutex_);
  Served serve_registry(const Exchange& exchange) LOCKED(mutex_);
  Served serve_credentials(const Exchange& exchange) const LOCKED(mutex_);

  const fakes::CertificateAuthority* const authority_;
  mutable Mutex mutex_;
  ConditionVariable changed_;
  FakeRegistry registry_ GUARDED_BY(mutex_);
  Part faulty_ GUARDED_BY(mutex_) = Part::kIndex;
  FaultScript script_ GUARDED_BY(mutex_);
  std::vector<Part> seen_ GUARDED_BY(mutex_);
  std::size_t sent_ GUARDED_BY(mutex_) = 0;
  std::vector<std::string> foreign_heads_ GUARDED_BY(mutex_);
  int versions_ GUARDED_BY(mutex_) = 0;
  int secrets_ GUARDED_BY(mutex_) = 1;
  bool validators_ GUARDED_BY(mutex_) = true;
  fakes::RawServer foreign_;
  fakes::RawServer server_;  // last: its threads use all of the above
};

}  // namespace lookout::repository
