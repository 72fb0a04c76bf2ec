// How often an S3 service in trouble is asked, over the scans of a day.
#include <catch2/catch.hpp>

#include <memory>

#include "src/repository/s3_source.hpp"
#include "test/repository/backoff_clock.hpp"
#include "test/repository/scan_fixture.hpp"

using namespace lookout;
using namespace lookout::repository;

namespace {

constexpr int kDay = 288;  // scans, five minutes apart
constexpr std::size_t kTokens = 500;

// Answers everything alike, and counts.
struct Service {
  fakes::ScriptedResponse response;
  std::size_t requests = 0;
};

class ServiceTransport final : public http::Transport {
 public:
  explicit ServiceTransport(Service& service) : service_(service) {}

  Result<void> send(const http::Request& request, http::BodySink& sink,
                    std::stop_token stop) override {
    ++service_.requests;
    fakes::ScriptedTransport once;
    once.add(service_.response);
    return once.send(request, sink, std::move(stop));
  }

 private:
  Service& service_;
};

class BudgetRig {
 public:
  BudgetRig() {
    S3Source source;
    source.location = {.bucket = "team", .key = "index.yaml", .region = "us-east-1"};
    source.auth = S3Source::Auth::kAnonymous;
    settings_.source = source;
    reader_.emplace(settings_, context_);
  }

  std::size_t requests_of(int scans, fakes::ScriptedResponse response) {
    service_ = {std::move(response), 0};
    for (int i = 0; i < scans; ++i) reader_->scan({}, clock_.now() + settings_.timeout);
    return service_.requests;
  }

 private:
  Service service_;
  BackoffClock clock_;
  ScanStats stats_;
  RepositorySettings settings_;
  ScanContext context_{
      [this](const http::TransportOptions&) -> Result<std::unique_ptr<http::Transport>> {
        return std::unique_ptr<http::Transport>(std::make_unique<ServiceTransport>(service_));
      },
      clock_,
      {},
      stats_};
  std::optional<S3SourceReader> reader_;
};

}  // namespace

TEST_CASE("retry budget: a day of a service in trouble costs 35 requests more than scans") {
  BudgetRig rig;
  CHECK(rig.requests_of(kDay, answer(500)) == kDay + kTokens / 14);
  CHECK(rig.requests_of(kDay, answer(500)) == kDay);
}

TEST_CASE("retry budget: a day of throttling costs 100 requests more than scans") {
  BudgetRig rig;
  CHECK(rig.requests_of(kDay, answer(429)) == kDay + kTokens / 5);
}

TEST_CASE("retry budget: each success earns a token, each 14 of them a retry") {
  BudgetRig rig;
  rig.requests_of(kDay, answer(500));
  CHECK(rig.requests_of(28, index_answer()) == 28);
  CHECK(rig.requests_of(10, answer(500)) == 10 + (kTokens % 14 + 28) / 14);
}
