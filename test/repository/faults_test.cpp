// Every row of the fault tables as a test: a repository that was read well meets the fault, and
// what is published, asked for and waited for is what the row says; then it is well again.
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <memory>

#include "lookout/http/beast_transport.hpp"

#include "controllers/repository_scanner.hpp"
#include "test/fakes/scripted_resolver.hpp"
#include "test/repository/backoff_clock.hpp"
#include "test/repository/fault_table.hpp"
#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::repository;
using namespace std::chrono_literals;
using lookout::testing::TemporaryFolder;

namespace {

constexpr std::chrono::milliseconds kTimeout{30'000};
constexpr std::chrono::milliseconds kInterval{300'000};
constexpr std::size_t kMessageBytesMax = 1'000;
const std::string kCanary = "c4n4ry";

bool is_s3(Way way) {
  return way == Way::kS3 || way == Way::kS3Container || way == Way::kS3WebIdentity ||
         way == Way::kS3Metadata;
}

// The real transport, but that a test may send requests elsewhere.
class Detour final : public http::Transport {
 public:
  Detour(std::unique_ptr<http::Transport> direct, const std::string& to, std::atomic<int>& taken)
      : direct_(std::move(direct)), to_(to), taken_(taken) {}

  Result<void> send(const http::Request& request, http::BodySink& sink,
                    std::stop_token stop) override {
    if (to_.empty()) return direct_->send(request, sink, std::move(stop));
    ++taken_;
    const auto elsewhere = http::create_beast_transport({http::parse_url(to_).value(), {}, {}});
    return elsewhere.value()->send(request, sink, std::move(stop));
  }

 private:
  const std::unique_ptr<http::Transport> direct_;
  const std::string& to_;
  std::atomic<int>& taken_;
};

// A repository of that kind, scanned as the program does it; its waits are the test's.
class FaultRig {
 public:
  explicit FaultRig(Way way);

  // The first scan, or the next one; `meanwhile` once it has begun.
  void scan(const std::function<void()>& meanwhile = [] {});
  state::RepositoryPtr seen() const { return cache_.snapshot()->front(); }
  // Of the last scan in fake time, and from its end to the next one.
  Duration took() const { return ended_at_ - began_at_; }
  Duration pause() const { return pause_; }
  // What the site takes now.
  void write_credentials();

  FaultSite site;
  BackoffClock clock;
  std::string detour;
  std::atomic<int> detours{0};

 private:
  static const fakes::CertificateAuthority& authority();
  void describe(Way way);
  void describe_s3(Way way);
  http::TransportFactory factory();
  controllers::RepositoryScanner::CreateScan creator();

  const TemporaryFolder folder_;
  RepositorySettings settings_;
  aws::Environment environment_;
  ScanStats stats_;
  std::optional<ScanContext> context_;
  kube::ManualClock schedule_;
  state::RepositoryCache cache_;
  Mutex mutex_;
  ConditionVariable changed_;
  std::size_t ended_ GUARDED_BY(mutex_) = 0;
  std::size_t scans_ = 0;
  MonoTime began_at_;
  MonoTime ended_at_;
  Duration pause_{0};
  std::unique_ptr<controllers::RepositoryScanner> scanner_;  // last: uses all of the above
};

const fakes::CertificateAuthority& FaultRig::authority() {
  static const fakes::CertificateAuthority authority;
  return authority;
}

FaultRig::FaultRig(Way way) : site(way == Way::kHttps ? &authority() : nullptr) {
  settings_.name = "stable";
  settings_.interval = kInterval;
  settings_.timeout = kTimeout;
  settings_.proxy_url = "";
  write_credentials();
  describe(way);
  context_.emplace(ScanContext{factory(), clock, environment_, stats_});
  scanner_ = std::make_unique<controllers::RepositoryScanner>(cache_, schedule_, creator());
}

void FaultRig::write_credentials() {
  folder_.write("secret", site.secret());
  folder_.write("id", site.key_id());
  folder_.write("jwt", "web-identity");
}

void FaultRig::describe(Way way) {
  HttpAuth auth;
  auth.username.value = "user";
  auth.password.file = folder_.path("secret");
  auth.headers = {{"X-API-Key", Secret{.value = kCanary}}};
  if (way == Way::kHttp || way == Way::kHttps) {
    settings_.source = HttpSource{http::parse_url(site.url() + "/charts").value(), "", auth};
    if (way == Way::kHttps) settings_.tls.ca.value = authority().ca_pem();
  } else if (is_s3(way)) {
    describe_s3(way);
  } else {
    OciSource source;
    source.host = site.url().substr(std::string("http://").size());
    source.path = "team/app";
    source.plain_http = true;
    if (way == Way::kOciToken) source.auth = auth;
    if (way == Way::kOciToken) site.ask_for_tokens();
    settings_.source = source;
  }
}

void FaultRig::describe_s3(Way way) {
  S3Source source;
  source.location = {
      .bucket = "team", .key = "charts/index.yaml", .region = "us-east-1", .endpoint = site.url()};
  environment_ = {{"AWS_SHARED_CREDENTIALS_FILE", folder_.path("none")},
                  {"AWS_CONFIG_FILE", folder_.path("none")}};
  if (way == Way::kS3) {
    source.auth = S3Source::Auth::kStatic;
    source.access_key_id.file = folder_.path("id");
    source.secret_access_key.file = folder_.path("secret");
  } else if (way == Way::kS3Container) {
    environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = site.url() + "/credentials";
    environment_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = kCanary;
  } else if (way == Way::kS3WebIdentity) {
    environment_["AWS_ENDPOINT_URL_STS"] = site.url();
    environment_["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/charts";
    environment_["AWS_WEB_IDENTITY_TOKEN_FILE"] = folder_.path("jwt");
  } else {
    environment_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = site.url();
  }
  settings_.source = source;
}

http::TransportFactory FaultRig::factory() {
  return [this](http::TransportOptions options) -> Result<std::unique_ptr<http::Transport>> {
    auto direct = http::create_beast_transport(std::move(options));
    if (!direct.ok()) return direct.error();
    return std::unique_ptr<http::Transport>(
        std::make_unique<Detour>(std::move(*direct), detour, detours));
  };
}

controllers::RepositoryScanner::CreateScan FaultRig::creator() {
  return [this](const RepositorySettings& settings) {
    const auto scanner = std::make_shared<Scanner>(settings, *context_);
    return [this, scanner](std::stop_token stop) {
      began_at_ = clock.now();
      ScanOutcome outcome = scanner->scan(std::move(stop));
      ended_at_ = clock.now();
      MutexLock lock(mutex_);
      ++ended_;
      changed_.notify_all();
      return outcome;
    };
  };
}

void FaultRig::scan(const std::function<void()>& meanwhile) {
  const MonoTime slept_at = schedule_.now();
  if (++scans_ == 1) {
    scanner_->set_repositories({settings_});
  } else {
    schedule_.advance_to_next_sleep_end();
    pause_ = schedule_.now() - slept_at;
  }
  meanwhile();
  {
    MutexLock lock(mutex_);
    const bool ended =
        changed_.wait_for(mutex_, 60s, [&]() LOCKED(mutex_) { return ended_ == scans_; });
    REQUIRE(ended);
  }
  schedule_.wait_for_sleepers(1);
}

std::size_t versions_of(const state::Repository& repository) {
  return repository.data->index.charts.at(0).versions.size();
}

void check_error(const FaultRig& rig, const Fault& fault) {
  const auto seen = rig.seen();
  INFO("says: " << seen->last_error_type << ": " << seen->last_error);
  CHECK(seen->up == !fault.error);
  CHECK(seen->stats->errors.value() == (fault.error ? 1 : 0));
  if (!fault.error) return;
  CHECK(seen->last_error_type == scan_error_name(*fault.error));
  CHECK(seen->stats->errors_by_type[static_cast<std::size_t>(*fault.error)].value() == 1);
  CHECK(seen->last_error.size() <= kMessageBytesMax);
  CHECK_THAT(seen->last_error, !Catch::Contains("\n") && !Catch::Contains(kCanary));
}

void check_effort(FaultRig& rig, const Fault& fault, Way way) {
  const bool again = is_s3(way) && fault.requests_s3 > 0;
  const std::size_t requests = again ? fault.requests_s3 : fault.requests;
  const auto taken = static_cast<std::size_t>(rig.detours);
  CHECK((fault.detour.empty() ? rig.site.requests(fault.part) : taken) == requests);
  CHECK(rig.site.bytes_sent() <= requests * (fault.bytes_max + kSocketBytesMax));
  CHECK(rig.site.foreign_heads().size() == fault.abroad);
  for (const std::string& head : rig.site.foreign_heads()) {
    CHECK_THAT(head, !Catch::Contains("uthorization:") && !Catch::Contains(kCanary));
  }
  if (fault.stalls) {
    CHECK(rig.took() == Duration(kTimeout));
  } else {
    CHECK(rig.took() <= fault.waits_max);
  }
}

// Of the scan after the fault.
void check_pause(const FaultRig& rig, const Fault& fault) {
  const Duration shortest = fault.error ? Duration(9s) : Duration(270s);
  const Duration longest = fault.error ? Duration(11s) : Duration(330s);
  CHECK(rig.pause() >= std::max(shortest, fault.held_back));
  CHECK(rig.pause() <= std::max(longest, fault.held_back));
}

void run(const Fault& fault, Way way) {
  FaultRig rig(way);
  rig.site.send_validators(fault.validators);
  rig.scan();
  const auto good = rig.seen();
  REQUIRE(good->last_error == "");
  REQUIRE(good->data);

  if (fault.rotated) rig.site.rotate();
  rig.site.arm(fault.part, fault.script);
  rig.detour = fault.detour;
  rig.scan([&] {
    if (!fault.stalls) return;
    fault.detour.empty() ? rig.site.wait_for_fault() : fakes::wait_for_slow_lookup();
    rig.clock.expire(kTimeout);
  });
  check_error(rig, fault);
  check_effort(rig, fault, way);
  if (fault.error) CHECK(rig.seen()->data == good->data);

  rig.site.disarm();
  rig.detour.clear();
  if (fault.stalls && !fault.detour.empty()) fakes::release_slow_name();
  rig.write_credentials();
  rig.scan();
  check_pause(rig, fault);
  CHECK(rig.seen()->last_error == "");
  CHECK(rig.seen()->up);
  CHECK(versions_of(*rig.seen()) == 1);
  // The validators of the last good index outlived the fault.
  if (fault.error && fault.validators) CHECK(rig.seen()->stats->unchanged.value() == 1);

  rig.site.publish(2);
  rig.scan();
  CHECK(rig.seen()->up);
  CHECK(versions_of(*rig.seen()) == 2);
}

const char* name_of(Way way) {
  switch (way) {
    case Way::kHttp: return "http";
    case Way::kHttps: return "https";
    case Way::kS3: return "s3";
    case Way::kS3Container: return "s3 by container credentials";
    case Way::kS3WebIdentity: return "s3 by web identity";
    case Way::kS3Metadata: return "s3 by instance metadata";
    case Way::kOci: return "oci";
    case Way::kOciToken: return "oci with tokens";
  }
  return "";
}

// "fault status 404: not_found (http, s3, oci)"
std::string title(const Fault& fault) {
  std::string text = "fault " + fault.kind + ": ";
  text += fault.error ? std::string(scan_error_name(*fault.error)) : "the scan works";
  for (std::size_t i = 0; i < fault.ways.size(); ++i) {
    text.append(i == 0 ? " (" : ", ").append(name_of(fault.ways[i]));
  }
  return text + ")";
}

class FaultTest final : public Catch::ITestInvoker {
 public:
  explicit FaultTest(const Fault& fault) : fault_(fault) {}
  void invoke() const override {
    for (const Way way : fault_.ways) {
      INFO("by " << name_of(way));
      run(fault_, way);
    }
  }

 private:
  const Fault& fault_;
};

// Catch's own TEST_CASE does the same for one name.
const bool kRegistered = [] {
  for (const auto* rows :
       {&status_faults(), &body_faults(), &bomb_faults(), &redirect_faults(), &network_faults(),
        &s3_faults(), &credentials_faults(), &registry_faults()}) {
    for (const Fault& fault : *rows) {
      Catch::AutoReg(new FaultTest(fault), CATCH_INTERNAL_LINEINFO, "",
                     Catch::NameAndTags(title(fault), "[fault]"));
    }
  }
  return true;
}();

}  // namespace
