#include "test/model/model_run.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "test/model/consistency.hpp"

namespace lookout::model {
namespace {

constexpr int kSpeed = 30;
constexpr std::size_t kRounds = 7;
constexpr std::uint64_t kStirsMax = 24;
constexpr std::size_t kSnapshotsMax = 4;
constexpr std::size_t kDifferencesShown = 30;
// In real time: what is shown must follow within it once nothing goes wrong any more. Half an
// hour of protocol, on machines that have other work.
constexpr std::chrono::seconds kPatience{60};
constexpr std::chrono::milliseconds kGlance{5};
constexpr std::chrono::milliseconds kGlanceMax{100};
constexpr std::size_t kRequestsShown = 20;
constexpr std::chrono::milliseconds kPauseMax{10};
constexpr std::chrono::milliseconds kIdle{5'500};  // beyond the watch's idle time-out

using metrics::ContentCoding;
using metrics::TextFormat;

fakes::FakeApiServerOptions faster(fakes::FakeApiServerOptions options) {
  options.bookmark_period = std::chrono::seconds(60) / kSpeed;
  options.future_version_delay = std::chrono::seconds(3) / kSpeed;
  options.watch_time_max = std::chrono::seconds(400) / kSpeed;
  return options;
}

void pause(std::chrono::milliseconds time) {
  SystemClock().sleep(time, {});
}

ObjectKey key_of(const fakes::Object& object) {
  return {object.resource, object.ns, object.name};
}

// Own metrics of several processes add up; a release is in one of them.
void merge(Scrape& all, const Scrape& one) {
  for (const auto& [sample, value] : one.samples) {
    const auto [at, added] = all.samples.try_emplace(sample, value);
    if (added) continue;
    at->second += value;
    if (sample.family.starts_with("helm_release_")) {
      all.faults.push_back("in two processes: " + text_of(sample));
    }
  }
  all.faults.insert(all.faults.end(), one.faults.begin(), one.faults.end());
}

fakes::RequestMatcher every_request() {
  fakes::RequestMatcher out;
  out.times = fakes::RequestMatcher::kForever;
  return out;
}

}  // namespace

ModelRun::ModelRun(std::uint64_t seed)
    : seed_(seed),
      setup_(setup_of(seed)),
      clock_(kSpeed),
      store_(std::make_shared<fakes::ObjectStore>()),
      cluster_(*store_, book_, setup_.scope.resource),
      operations_(*store_, book_, setup_.scope.resource, {seed, setup_.namespaces, false}),
      faults_(seed + 1, setup_.scope.payloads),
      chance_(seed + 2) {}

std::string ModelRun::summary() const {
  return setup_.name + ": " + std::to_string(performed_) + " operations, " +
         std::to_string(broken_) + " faults";
}

std::string ModelRun::report(const Differences& differences) const {
  std::string out = "seed " + std::to_string(seed_) + " (" + setup_.name + "), step " +
                    std::to_string(performed_ + broken_) +
                    "; replay: LOOKOUT_MODEL_SEED=" + std::to_string(seed_) + "\n";
  for (const std::string& line : log_) out += line + "\n";
  out += last_requests();
  out += std::to_string(differences.size()) + " differences:\n";
  for (std::size_t i = 0; i < std::min(differences.size(), kDifferencesShown); ++i) {
    out += "  " + differences[i] + "\n";
  }
  return out;
}

// What the controllers asked for before it was too late.
std::string ModelRun::last_requests() const {
  const auto requests = server_->log().all();
  const MonoTime now = std::chrono::steady_clock::now();
  std::string out = std::to_string(server_->open_watches()) + " open watches; requests:\n";
  const std::size_t first = requests.size() - std::min(requests.size(), kRequestsShown);
  for (std::size_t i = first; i < requests.size(); ++i) {
    const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(now - requests[i].at);
    out += "  " + std::to_string(age.count()) + " ms ago " + requests[i].request.path + "?" +
           requests[i].request.raw_query + "\n";
  }
  return out;
}

std::string ModelRun::run() {
  note(to_json(setup_));
  for (std::size_t i = 0; i < setup_.crowd; ++i) perform(operations_.install_numbered(i));
  start_server();
  break_something();
  start_processes();
  for (std::size_t round = 1; round <= kRounds; ++round) {
    note("{\"round\":" + std::to_string(round) + "}");
    for (std::uint64_t left = chance_.below(kStirsMax) + 1; left > 0; --left) {
      stir();
      if (const auto found = glance(); !found.empty()) return report(found);
    }
    calm_down();
    if (const auto found = settle(); !found.empty()) return report(found);
    if (const auto found = look_twice(); !found.empty()) return report(found);
  }
  return "";
}

// --- what happens ---

void ModelRun::start_server() {
  fakes::FakeApiServerOptions options = faster(setup_.server);
  options.store = store_;
  options.port = port_;
  server_ = fakes::FakeApiServer::start(options).value();
  port_ = server_->port();
  server_->inject(every_request(), setup_.always);
}

void ModelRun::start_processes() {
  for (const cli::Settings& settings : setup_.processes) {
    processes_.push_back(std::make_unique<Process>(settings, server_->origin(), clock_, kSpeed));
  }
}

void ModelRun::perform(const Operation& operation) {
  ++performed_;
  note(to_json(operation));
  const std::uint64_t before = store_->resource_version();
  cluster_.apply(operation);
  const auto changes = store_->changes_since(before).changes;
  for (const fakes::Change& change : changes) {
    if (change.before) former_.push_back(change.before);
  }
  errors_.add(changes, objects(), book_, setup_.scope);
  if (operation.verb == Verb::kCorrupt && operation.damage == Damage::kLate) late_damage_ = true;
}

void ModelRun::break_something() {
  ++broken_;
  ChosenFault chosen = faults_.choose();
  note(chosen.line);
  if (chosen.hangup) server_->drop_connections(*chosen.hangup);
  if (chosen.compact) store_->compact();
  if (chosen.outage) {
    outage_ = true;
    server_->stop();
  }
  if (!chosen.fault) return;
  // What the server never learnt it does not know while something else is wrong either.
  fakes::Fault fault = *std::move(chosen.fault);
  fault.json_only = fault.json_only || setup_.always.json_only;
  fault.pretty = fault.pretty || setup_.always.pretty;
  server_->inject(chosen.matcher, std::move(fault));
}

void ModelRun::stir() {
  if (chance_.one_in(4)) {
    break_something();
  } else {
    perform(operations_.choose());
  }
  if (chance_.one_in(8)) {
    snapshots_.push_back(store_->snapshot());
    if (snapshots_.size() > kSnapshotsMax) snapshots_.pop_front();
  }
  if (chance_.one_in(10)) store_->advance(chance_.below(50) + 1);
  pause(kPauseMax * static_cast<int>(chance_.below(5)) / 4);
}

void ModelRun::calm_down() {
  if (outage_) {
    // An API server that starts has a watch cache without a past.
    store_->compact();
    outage_ = false;
    start_server();
    return;
  }
  server_->clear_faults();
  server_->inject(every_request(), setup_.always);
}

// --- what must be shown then ---

std::vector<ObjectPtr> ModelRun::objects() const {
  return store_->list(setup_.scope.resource, "").objects;
}

Scrape ModelRun::scrape_all() {
  Scrape out;
  for (const auto& process : processes_) {
    merge(out, parse_exposition(process->scrape(TextFormat::kText004, ContentCoding::kIdentity)));
  }
  return out;
}

// In another format each time; what is shown may be old, but it is whole.
ModelRun::Differences ModelRun::glance() {
  const auto format = chance_.one_in(2) ? TextFormat::kText004 : TextFormat::kOpenMetrics100;
  const auto coding = chance_.one_in(2) ? ContentCoding::kIdentity : ContentCoding::kGzip;
  const auto& process = processes_[static_cast<std::size_t>(chance_.below(processes_.size()))];
  Scrape scrape = parse_exposition(process->scrape(format, coding));
  Differences out = std::move(scrape.faults);
  const Differences more = inconsistencies(scrape.samples);
  out.insert(out.end(), more.begin(), more.end());
  if (scrape.samples.empty()) out.emplace_back("an empty scrape");
  return out;
}

ModelRun::Differences ModelRun::settle() {
  const Expectation expected = expect(objects(), book_, setup_.scope);
  const MonoTime deadline = std::chrono::steady_clock::now() + kPatience;
  for (auto rest = kGlance;; rest = std::min(rest * 2, kGlanceMax)) {
    const Scrape scrape = scrape_all();
    const Differences found = compare(scrape, expected);
    if (found.empty()) {
      errors_.settle(with_prefix(scrape.samples, "helm_release_errors"),
                     store_->resource_version());
      return {};
    }
    if (!scrape.faults.empty() || std::chrono::steady_clock::now() > deadline) return found;
    pause(rest);
  }
}

ModelRun::Differences ModelRun::compare(const Scrape& scrape, const Expectation& expected) const {
  Differences out = scrape.faults;
  Samples shown = with_prefix(scrape.samples, "helm_release_");
  const Samples errors = with_prefix(shown, "helm_release_errors");
  for (const auto& sample : errors) shown.erase(sample.first);
  for (const auto& [sample, value] : expected.samples) {
    const auto at = shown.find(sample);
    if (at == shown.end()) {
      out.push_back("missing: " + text_of(sample) + " " + std::to_string(value));
    } else if (at->second != value) {
      out.push_back(text_of(sample) + " is " + std::to_string(at->second) +
                    ", expected: " + std::to_string(value));
    }
  }
  for (const auto& [sample, value] : shown) {
    if (expected.samples.count(sample) == 0) out.push_back("not expected: " + text_of(sample));
  }
  for (const std::string& error : errors_.check(errors, expected)) out.push_back(error);
  for (const std::string& own : compare_own(scrape.samples, expected)) out.push_back(own);
  return out;
}

// The controllers' own metrics.
ModelRun::Differences ModelRun::compare_own(const Samples& samples,
                                            const Expectation& expected) const {
  Differences out;
  const auto check = [&](const Sample& sample, std::size_t wanted) {
    const double is = value_of(samples, sample);
    if (is == static_cast<double>(wanted)) return;
    out.push_back(text_of(sample) + " is " + std::to_string(is) +
                  ", expected: " + std::to_string(wanted));
  };
  check({"helm_lookout_cache_objects", {}}, expected.objects);
  check({"helm_lookout_series", {}}, expected.samples.size());
  for (const char* reason : {"bad_name", "unsupported_version"}) {
    const auto at = expected.ignored.find(reason);
    check({"helm_lookout_ignored_secrets", {{"reason", reason}}},
          at == expected.ignored.end() ? 0 : at->second);
  }
  if (setup_.scope.namespaces.empty()) {
    check({"helm_lookout_informer_synced", {{"namespace", ""}}}, processes_.size());
  }
  for (const std::string& ns : setup_.scope.namespaces) {
    check({"helm_lookout_informer_synced", {{"namespace", ns}}}, 1);
  }
  check({"workqueue_depth", {{"name", "release"}}}, 0);
  if (!late_damage_) check({"helm_lookout_decode_mismatches_total", {}}, 0);
  return out;
}

// --- once more ---

ModelRun::Differences ModelRun::look_twice() {
  switch (chance_.below(7)) {
    case 0:
      if (snapshots_.empty()) return {};
      go_back();
      break;
    case 1:
    case 2: send_old_events(); break;
    case 3:
      note(R"({"look":"after a while"})");
      pause(kIdle);
      break;
    default: return {};
  }
  Differences found = settle();
  calm_down();
  return found;
}

// An etcd restored from a backup, whose API server starts again.
void ModelRun::go_back() {
  note(R"({"fault":"rewind"})");
  store_->restore(chance_.pick(snapshots_));
  // Later ones are of a future that will not be.
  const std::uint64_t now = store_->resource_version();
  std::erase_if(snapshots_, [&](const auto& taken) { return taken.resource_version > now; });
  errors_.rewind(objects(), book_, setup_.scope);
  server_->drop_connections(fakes::Hangup::kReset);
}

// Late and doubled ones, as API servers behind a load balancer send them: of versions that were
// followed by others, and deletions of objects that were followed by others of the same name.
std::vector<fakes::InjectedEvent> ModelRun::old_events() {
  std::vector<fakes::InjectedEvent> out;
  for (int i = 0; i < 40 && !former_.empty() && out.size() < 6; ++i) {
    const ObjectPtr& old = chance_.pick(former_);
    const ObjectPtr now = store_->find(key_of(*old));
    if (now == nullptr || now->resource_version <= old->resource_version ||
        !is_selected(*old, setup_.scope) || !is_selected(*now, setup_.scope)) {
      continue;
    }
    const bool deleted = now->uid != old->uid && chance_.one_in(2);
    out.push_back({deleted ? "DELETED" : chance_.one_in(2) ? "ADDED" : "MODIFIED", *old});
  }
  return out;
}

void ModelRun::send_old_events() {
  fakes::Fault fault = setup_.always;
  fault.events = old_events();
  note(R"({"fault":"old events","count":)" + std::to_string(fault.events.size()) + "}");
  const std::size_t streams =
      std::max<std::size_t>(setup_.scope.namespaces.size(), processes_.size());
  fakes::RequestMatcher watches;
  watches.verb = fakes::Verb::kWatch;
  watches.times = streams;
  const std::size_t before = server_->log().count(watches);
  server_->clear_faults();
  server_->inject(watches, std::move(fault));
  server_->inject(every_request(), setup_.always);
  server_->drop_connections(fakes::Hangup::kFin);
  server_->log().wait(watches, before + streams, kPatience);
}

}  // namespace lookout::model
