#include "test/fakes/sandbox.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "test/fakes/sample_repository.hpp"

namespace lookout::fakes {
namespace {

constexpr Duration kMemoryPeriod = std::chrono::seconds(60);
constexpr std::size_t kRememberedMax = 3;
// A new pace takes effect within this.
constexpr Duration kWaitMax = std::chrono::milliseconds(100);
// What was missed while the machine slept stays missed.
constexpr Duration kBehindMax = std::chrono::seconds(1);
// Signals and the control door are not kept waiting by a pace that cannot be held.
constexpr int kChangesPerRunMax = 100;
constexpr std::string_view kProbeName = "lag-probe";

MonoTime now() {
  return std::chrono::steady_clock::now();
}

std::int64_t now_seconds() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count();
}

Duration seconds(double count) {
  return Duration(static_cast<std::int64_t>(count * 1e9));
}

OwnPages pages_of(http::Handler handler) {
  return [handler = std::move(handler)](const HttpRequest& request) -> std::optional<OwnPage> {
    http::ServerRequest asked;
    asked.path = request.path;
    asked.query = request.raw_query;
    for (const auto& [name, value] : request.headers) asked.headers.add(name, value);
    const http::ServerResponse answer = handler(asked);
    OwnPage out{answer.status, answer.headers.fields(), ""};
    for (const auto& piece : answer.body.pieces()) out.body += *piece;
    return out;
  };
}

}  // namespace

std::optional<ChurnKind> parse_churn_kind(std::string_view name) {
  if (name == "lifecycle") return ChurnKind::kLifecycle;
  if (name == "current") return ChurnKind::kCurrent;
  if (name == "history") return ChurnKind::kHistory;
  return std::nullopt;
}

Sandbox::Sandbox(SandboxOptions options, std::shared_ptr<ObjectStore> store)
    : quiet_(options.quiet),
      store_(std::move(store)),
      samples_(*store_, options.samples),
      pace_(options.pace),
      dice_(options.fault_seed) {
  MutexLock lock(mutex_);
  samples_.fill(now_seconds());
  remember();
  schedule();
}

Result<std::unique_ptr<Sandbox>> Sandbox::start(SandboxOptions options) {
  auto store = std::make_shared<ObjectStore>();
  options.server.store = store;
  auto server = FakeApiServer::start(options.server);
  if (!server) return server.error();
  FakeApiServerOptions charts;
  charts.pages = pages_of(sample_repositories(now_seconds));
  auto repositories = FakeApiServer::start(std::move(charts));
  if (!repositories) return repositories.error();
  auto out = std::unique_ptr<Sandbox>(new Sandbox(std::move(options), std::move(store)));
  out->server_ = *std::move(server);
  out->repositories_ = *std::move(repositories);
  return out;
}

Result<std::size_t> Sandbox::apply(std::string_view script) {
  const auto lines = parse_fault_script(script);
  if (!lines) return lines.error();
  MutexLock lock(mutex_);
  for (const FaultLine& line : *lines) apply_line(line);
  return lines->size();
}

void Sandbox::apply_line(const FaultLine& line) {
  switch (line.what) {
    case FaultLine::What::kCluster: return server_->inject(line.matcher, line.fault);
    case FaultLine::What::kRepository: return repositories_->inject(line.matcher, line.fault);
    case FaultLine::What::kDrop: return server_->drop_connections(line.hangup);
    case FaultLine::What::kCompact: return store_->compact();
    case FaultLine::What::kRewind: return roll_back();
  }
}

void Sandbox::clear_faults() {
  server_->clear_faults();
  repositories_->clear_faults();
}

void Sandbox::remember() {
  next_memory_ = now() + kMemoryPeriod;
  const bool first = remembered_.empty();
  if (!first && store_->size() > kRememberedObjectsMax) return;
  remembered_.push_back({now(), samples_.snapshot()});
  store_->advance(kRewindVersions);
  if (remembered_.size() > kRememberedMax) remembered_.pop_front();
}

void Sandbox::rewind() {
  MutexLock lock(mutex_);
  roll_back();
}

// The API server of a restored etcd is another process: no connection outlives it.
void Sandbox::roll_back() {
  while (remembered_.size() > 1 && remembered_.back().at > now() - kRewindMin) {
    remembered_.pop_back();
  }
  samples_.restore(remembered_.back().snapshot);
  remembered_.erase(remembered_.begin(), std::prev(remembered_.end()));
  next_memory_ = next_random_rewind_ = now() + kRewindPause;
  server_->drop_connections(Hangup::kReset);
}

void Sandbox::pause() {
  MutexLock lock(mutex_);
  paused_ = true;
  clear_faults();
}

void Sandbox::resume() {
  MutexLock lock(mutex_);
  paused_ = false;
  schedule();
}

void Sandbox::set_pace(const Pace& pace) {
  MutexLock lock(mutex_);
  pace_ = pace;
  schedule();
}

Pace Sandbox::pace() const {
  MutexLock lock(mutex_);
  return pace_;
}

std::uint32_t Sandbox::probe() {
  MutexLock lock(mutex_);
  ReleaseSpec spec;
  spec.name = std::string(kProbeName);
  spec.revision = probes_;
  const Object before = release_object(spec);
  spec.revision = ++probes_;
  spec.last_deployed_seconds = now_seconds();
  store_->put(whole_release(spec));
  store_->remove({before.resource, before.ns, before.name});
  return probes_;
}

SandboxState Sandbox::state() const {
  MutexLock lock(mutex_);
  SandboxState out = told_;
  out.resource_version = store_->resource_version();
  out.objects = store_->size();
  out.open_watches = server_->open_watches();
  return out;
}

void Sandbox::schedule() {
  const bool changes = pace_.changes_per_second > 0;
  const bool faults = pace_.fault_every_seconds > 0;
  next_change_ = changes ? now() + seconds(1 / pace_.changes_per_second) : MonoTime::max();
  next_fault_ = faults ? now() + seconds(pace_.fault_every_seconds) : MonoTime::max();
}

MonoTime Sandbox::next_due() const {
  MutexLock lock(mutex_);
  const MonoTime latest = now() + kWaitMax;
  return paused_ ? latest : std::min({next_change_, next_fault_, next_memory_, latest});
}

void Sandbox::change_once() {
  ++told_.changes;
  using Revisions = SampleCluster::Revisions;
  const std::string line =
      pace_.churn == ChurnKind::kLifecycle
          ? samples_.step(now_seconds())
          : samples_.touch(
                pace_.churn == ChurnKind::kCurrent ? Revisions::kCurrent : Revisions::kHistory,
                now_seconds());
  if (!quiet_) std::printf("%s\n", line.c_str());
}

void Sandbox::inject_random() {
  const NamedFault& fault = dice_.next();
  ++told_.random_faults;
  told_.last_faults.emplace_back(fault.name);
  if (told_.last_faults.size() > kLastFaultsMax) told_.last_faults.erase(told_.last_faults.begin());
  if (!quiet_) std::printf("fault: %s\n", std::string(fault.name).c_str());
  const auto lines = parse_fault_script(fault.script);
  if (!lines) return;  // a test parses each
  for (const FaultLine& line : *lines) {
    const bool early = line.what == FaultLine::What::kRewind && now() < next_random_rewind_;
    if (!early) apply_line(line);
  }
}

void Sandbox::run_due() {
  MutexLock lock(mutex_);
  if (paused_) return;
  const MonoTime begun = now();
  next_change_ = std::max(next_change_, begun - kBehindMax);
  for (int i = 0; i < kChangesPerRunMax && next_change_ <= begun; ++i) {
    change_once();
    next_change_ += seconds(1 / pace_.changes_per_second);
  }
  if (next_fault_ <= begun) {
    inject_random();
    next_fault_ = begun + seconds(pace_.fault_every_seconds);
  }
  if (next_memory_ <= begun) remember();
}

}  // namespace lookout::fakes
