#include "controllers/payload_reader.hpp"

#include <chrono>
#include <utility>

#include "lookout/base/log.hpp"
#include "lookout/base/text.hpp"
#include "lookout/http/url.hpp"

namespace lookout::controllers {
namespace {

constexpr std::string_view kAccept = "application/vnd.kubernetes.protobuf,application/json";
constexpr std::chrono::seconds kReadTimeout{30};
// The server gathers the whole answer before its first byte.
constexpr std::chrono::seconds kReadAllTimeout{60};
constexpr std::uint64_t kVerifyOneIn = 100;

// Streams one answer into a decoder of its own format.
class PayloadSink final : public http::BodySink {
 public:
  PayloadSink(kube::StorageDriver driver, kube::PayloadDecoder::ObjectSink sink)
      : driver_(driver), sink_(std::move(sink)) {}

  Result<void> on_head(const http::ResponseHead& head) override {
    const auto format = kube::wire_format(head.media_type());
    if (!format) return format.error();
    decoder_.emplace(*format, kube::PayloadDecoder::Shape::kList, driver_, std::move(sink_));
    return {};
  }
  Result<void> on_body(std::string_view bytes) override { return decoder_->feed(bytes); }
  Result<void> finish() { return decoder_->finish(); }

 private:
  const kube::StorageDriver driver_;
  kube::PayloadDecoder::ObjectSink sink_;
  std::optional<kube::PayloadDecoder> decoder_;
};

std::string list_target(kube::StorageDriver driver, const std::string& ns) {
  std::string target = "/api/v1/";
  if (!ns.empty()) target += "namespaces/" + http::percent_encode(ns) + "/";
  target += kube::resource_name(driver);
  return target + "?resourceVersion=0";
}

// Secrets are always asked for by type as well: an authorizer can hold us to that (KEP-4601).
std::string field_selector(kube::StorageDriver driver, const std::string& name) {
  std::string terms;
  if (!name.empty()) terms = "metadata.name=" + name;
  if (driver == kube::StorageDriver::kSecret) {
    terms += terms.empty() ? "" : ",";
    terms += "type=helm.sh/release.v1";
  }
  return terms.empty() ? "" : "&fieldSelector=" + http::percent_encode(terms);
}

kube::ApiRequest payload_request(const std::string& target, std::chrono::milliseconds timeout) {
  kube::ApiRequest request;
  request.target = target;
  request.accept = kAccept;
  request.header_timeout = timeout;
  return request;
}

// Any reproducible choice of one in kVerifyOneIn will do.
bool is_sampled(const helm::SecretMeta& meta) {
  std::uint64_t sum = parse_number<std::uint64_t>(meta.resource_version).value_or(0);
  for (const char c : meta.uid) sum = sum * 31 + static_cast<unsigned char>(c);
  return sum % kVerifyOneIn == 0;
}

}  // namespace

// What one answer brought.
struct PayloadReader::Seen {
  std::uint64_t newest_resource_version = 0;
  std::size_t objects = 0;
};

PayloadReader::PayloadReader(kube::ApiClient& client, state::ReleaseCache& cache,
                             const Clock& clock, state::PayloadStats& stats,
                             kube::StorageDriver driver, helm::DecodeMode mode)
    : client_(client), cache_(cache), clock_(clock), stats_(stats), driver_(driver), mode_(mode) {}

Result<void> PayloadReader::read(const state::WantedPayload& wanted, std::stop_token stop) {
  const std::string selector = field_selector(driver_, wanted.object_name);
  const std::string from_cache = list_target(driver_, wanted.key.ns) + selector;
  Seen seen;
  auto answered = list(payload_request(from_cache, kReadTimeout), seen, stop);
  if (answered && seen.newest_resource_version < wanted.resource_version) {
    // The server's watch cache is behind our watch: ask etcd.
    const std::string from_quorum =
        from_cache.substr(0, from_cache.find('?')) + "?" + selector.substr(1);
    seen = {};
    answered = list(payload_request(from_quorum, kReadTimeout), seen, stop);
  }
  if (answered && seen.objects == 0) {
    answered = Error{ErrorCode::kNotFound, "no longer there"};
  }
  stats_.fetches.add({answered ? "ok" : error_code_name(answered.error().code)});
  return answered;
}

Result<void> PayloadReader::read_all(const std::string& ns, std::stop_token stop) {
  const std::string target = list_target(driver_, ns) + "&labelSelector=" +
                             http::percent_encode("owner=helm,status!=superseded") +
                             field_selector(driver_, "");
  kube::ApiRequest request = payload_request(target, kReadAllTimeout);
  request.bulk = true;
  Seen seen;
  return list(request, seen, stop);
}

Result<void> PayloadReader::list(const kube::ApiRequest& request, Seen& seen,
                                 std::stop_token stop) {
  PayloadSink sink(driver_, [&](const kube::PayloadObject& object) { take(object, seen); });
  auto answered = client_.get(request, sink, stop);
  if (!answered) return answered;
  return sink.finish();
}

void PayloadReader::take(const kube::PayloadObject& object, Seen& seen) {
  const auto version = parse_number<std::uint64_t>(object.meta.resource_version);
  const auto parsed = helm::parse_storage_name(object.meta.name);
  if (!version || !parsed.name) return;
  ++seen.objects;
  seen.newest_resource_version = std::max(seen.newest_resource_version, *version);
  helm::ReleaseKey key{object.meta.ns, std::string(parsed.name->release)};
  const auto wanted = cache_.wanted_payload(key);
  if (!wanted || wanted->revision != parsed.name->revision) return;
  // Too old for what the watch has shown: the caller asks again, of etcd.
  if (*version < wanted->resource_version) return;

  state::PayloadFacts facts;
  facts.key = std::move(key);
  facts.revision = parsed.name->revision;
  facts.uid = object.meta.uid;
  facts.resource_version = *version;
  facts.storage_bytes = object.release ? helm::storage_bytes(*object.release, object.encoding) : 0;
  facts.outcome = decode(object);
  const auto* reason = std::get_if<helm::Undecodable>(&facts.outcome);
  const bool taken = cache_.put_payload(facts);
  if (taken && reason != nullptr) {
    log::warn("payload cannot be decoded", {{"namespace", facts.key.ns},
                                            {"release", facts.key.name},
                                            {"revision", facts.revision},
                                            {"reason", helm::undecodable_reason(*reason)}});
  }
  // After the facts are in: a sample's release is published no later than others.
  if (mode_ == helm::DecodeMode::kStop && is_sampled(object.meta)) {
    verify_sample(object, facts.outcome);
  }
}

helm::DecodeOutcome PayloadReader::decode(const kube::PayloadObject& object) {
  const MonoTime start = clock_.now();
  const helm::DecodeOutcome outcome =
      object.release ? helm::decode_release(*object.release, object.encoding, mode_)
                     : helm::DecodeOutcome(helm::Undecodable::kNoReleaseKey);
  stats_.decode_seconds.observe(std::chrono::duration<double>(clock_.now() - start).count());
  if (const auto* reason = std::get_if<helm::Undecodable>(&outcome)) {
    stats_.decode_error(*reason).add();
  }
  return outcome;
}

void PayloadReader::verify_sample(const kube::PayloadObject& object,
                                  const helm::DecodeOutcome& stopped) {
  if (!object.release) return;
  stats_.verified.add();
  const auto verified =
      helm::decode_release(*object.release, object.encoding, helm::DecodeMode::kVerify);
  if (verified == stopped) return;
  stats_.decode_mismatches.add();
  log::warn("decode modes disagree on a payload",
            {{"namespace", object.meta.ns}, {"object", object.meta.name}});
}

}  // namespace lookout::controllers
