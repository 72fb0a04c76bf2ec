// Reads payloads from the API server, decodes them and puts the facts into the cache: the
// only place where raw payload bytes pass, and they are dropped here.
//
// One payload is read by a LIST with fieldSelector metadata.name=NAME: the API server turns
// it into a GET, and the role needs no verb but list and watch.
// Thread-safe.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/helm/release.hpp"
#include "lookout/kube/api_client.hpp"
#include "lookout/kube/payload_decoder.hpp"
#include "lookout/state/payload_stats.hpp"
#include "lookout/state/release_cache.hpp"

namespace lookout::controllers {

class PayloadReader {
 public:
  // All outlive the reader.
  PayloadReader(kube::ApiClient& client, state::ReleaseCache& cache, const Clock& clock,
                state::PayloadStats& stats, kube::StorageDriver driver, helm::DecodeMode mode);

  // kNotFound: the object is gone (the watch will say so). Otherwise errors of ApiClient::get.
  Result<void> read(const state::WantedPayload& wanted, std::stop_token stop);

  // Every wanted payload of one namespace ("" = all) in one streamed LIST of what is not
  // superseded; what it does not bring stays wanted.
  Result<void> read_all(const std::string& ns, std::stop_token stop);

 private:
  struct Seen;
  Result<void> list(const kube::ApiRequest& request, Seen& seen, std::stop_token stop);
  void take(const kube::PayloadObject& object, Seen& seen);
  helm::DecodeOutcome decode(const kube::PayloadObject& object);
  void verify_sample(const kube::PayloadObject& object, const helm::DecodeOutcome& stopped);

  kube::ApiClient& client_;
  state::ReleaseCache& cache_;
  const Clock& clock_;
  state::PayloadStats& stats_;
  const kube::StorageDriver driver_;
  const helm::DecodeMode mode_;
};

}  // namespace lookout::controllers
