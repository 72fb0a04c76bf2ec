#include "test/integration/rig.hpp"

#include <algorithm>

#include "lookout/http/cluster_transport.hpp"

#include "test/integration/truth.hpp"

namespace lookout::integration {
namespace {

// Conditions that nothing announces are looked at this often.
constexpr std::chrono::milliseconds kGlance{5};

fakes::FakeApiServerOptions faster(fakes::FakeApiServerOptions options, int speed) {
  options.bookmark_period /= speed;
  options.future_version_delay /= speed;
  options.watch_time_max /= speed;
  if (!options.store) options.store = std::make_shared<fakes::ObjectStore>();
  return options;
}

RigOptions with_faster_server(RigOptions options) {
  options.server = faster(std::move(options.server), options.speed);
  return options;
}

kube::ClusterConfig cluster_config(const fakes::FakeApiServer& server, const RigOptions& options) {
  kube::ClusterConfig config;
  config.server = http::parse_url(server.origin()).value();
  config.ca_pem = server.ca_pem();
  config.token_file = options.token_file;
  if (options.adjust) options.adjust(config);
  return config;
}

kube::ApiClient::TransportFactory transport_factory(int speed, std::chrono::milliseconds head_min) {
  return [speed, head_min](
             const http::TransportOptions& options) -> Result<std::unique_ptr<http::Transport>> {
    auto made = http::create_cluster_transport(options);
    if (!made) return made.error();
    return fast_transport(std::move(made).value(), speed, head_min);
  };
}

state::ReleaseCacheOptions cache_options(const std::vector<std::string>& namespaces) {
  state::ReleaseCacheOptions options;
  options.stream_namespaces = namespaces;
  options.label_allow_list = {"*"};
  options.publish_delay = Duration(0);
  return options;
}

std::uint64_t value_of(const LabelledCounter& counter, const std::string& label) {
  const auto values = counter.snapshot();
  const auto it = values.find({label});
  return it == values.end() ? 0 : it->second;
}

}  // namespace

struct Rig::Stream {
  kube::ReflectorStats stats;
  std::unique_ptr<kube::Reflector> reflector;
  std::jthread thread;
};

Rig::Rig(RigOptions options)
    : options_(with_faster_server(std::move(options))),
      clock_(options_.speed),
      server_(fakes::FakeApiServer::start(options_.server).value()),
      cache_(cache_options(options_.namespaces)) {
  client_ = kube::ApiClient::create(cluster_config(*server_, options_),
                                    transport_factory(options_.speed, options_.head_min), clock_)
                .value();
  for (std::size_t i = 0; i < options_.namespaces.size(); ++i) {
    auto stream = std::make_unique<Stream>();
    kube::ReflectorOptions settings;
    settings.driver = options_.driver;
    settings.ns = options_.namespaces[i];
    settings.relist_page_items = options_.relist_page_items;
    stream->reflector = std::make_unique<kube::Reflector>(
        *client_, settings, [this, i](const kube::Delta& delta) { on_delta(i, delta); }, clock_,
        stream->stats);
    streams_.push_back(std::move(stream));
  }
}

Rig::~Rig() {
  stop();
}

void Rig::start() {
  for (const auto& stream : streams_) {
    kube::Reflector& reflector = *stream->reflector;
    stream->thread = std::jthread([&reflector](std::stop_token stop) { reflector.run(stop); });
  }
}

Duration Rig::stop() {
  const MonoTime begin = std::chrono::steady_clock::now();
  for (const auto& stream : streams_) stream->thread.request_stop();
  for (const auto& stream : streams_) {
    if (stream->thread.joinable()) stream->thread.join();
  }
  return std::chrono::steady_clock::now() - begin;
}

void Rig::start_server() {
  fakes::FakeApiServerOptions again = options_.server;
  again.port = server_->port();
  server_.reset();
  server_ = fakes::FakeApiServer::start(std::move(again)).value();
}

bool Rig::wait_until(MonoTime time) {
  return wait([&] { return clock_.now() >= time; });
}

void Rig::on_delta(std::size_t stream, const kube::Delta& delta) {
  apply(stream, delta);
  MutexLock lock(mutex_);
  changed_.notify_all();
}

void Rig::apply(std::size_t stream, const kube::Delta& delta) {
  using Kind = kube::Delta::Kind;
  switch (delta.kind) {
    case Kind::kReplaceBegin: return cache_.begin_replace(stream);
    case Kind::kReplaceItem: return cache_.replace_item(stream, *delta.object);
    case Kind::kReplaceAbort: return cache_.abort_replace(stream);
    case Kind::kReplaceCommit:
      changes_ += cache_.commit_replace(stream, clock_.now()).size();
      ++commits_;
      return;
    case Kind::kUpsert:
      if (cache_.upsert(stream, *delta.object, clock_.now())) ++changes_;
      return;
    case Kind::kErase:
      if (cache_.erase(stream, *delta.object, clock_.now())) ++changes_;
      return;
  }
}

const kube::ReflectorStats& Rig::stats(std::size_t stream) const {
  return streams_[stream]->stats;
}

kube::StreamStatus Rig::status(std::size_t stream) const {
  return streams_[stream]->reflector->status();
}

std::size_t Rig::count(Verb verb, const std::string& contains) {
  return server_->log().count({verb, contains});
}

std::uint64_t Rig::relists(const std::string& reason) const {
  return value_of(stats().relists, reason);
}

std::uint64_t Rig::restarts(const std::string& reason) const {
  return value_of(stats().watch_restarts, reason);
}

void Rig::put(const std::string& name, std::uint32_t revision, const std::string& status,
              const std::string& ns) {
  fakes::ReleaseSpec spec;
  spec.ns = ns;
  spec.name = name;
  spec.revision = revision;
  spec.status = status;
  const bool secrets = options_.driver == kube::StorageDriver::kSecret;
  server_->store().put(fakes::release_object(
      spec, secrets ? fakes::Resource::kSecrets : fakes::Resource::kConfigMaps));
}

void Rig::remove(const std::string& name, std::uint32_t revision, const std::string& ns) {
  const bool secrets = options_.driver == kube::StorageDriver::kSecret;
  server_->store().remove({secrets ? fakes::Resource::kSecrets : fakes::Resource::kConfigMaps, ns,
                           helm::storage_name(name, revision)});
}

bool Rig::wait(const std::function<bool()>& condition) {
  const MonoTime deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    MutexLock lock(mutex_);
    changed_.wait_for(mutex_, kGlance);
  }
  return true;
}

bool Rig::wait_requests(Verb verb, const std::string& contains, std::size_t count) {
  return server_->log().wait({verb, contains}, count, kPatience);
}

bool Rig::equal() {
  return truth_of(cache_, clock_.now()) == truth_of(server_->store(), options_.driver);
}

bool Rig::wait_equal() {
  return wait([this] { return equal(); });
}

bool Rig::wait_watching() {
  const auto synced = [](const std::unique_ptr<Stream>& stream) {
    const kube::StreamStatus now = stream->reflector->status();
    return now.synced && !now.last_error;
  };
  return wait([&] {
    return server_->open_watches() >= streams_.size() &&
           std::all_of(streams_.begin(), streams_.end(), synced) && equal();
  });
}

Fault gone() {
  return fakes::refuse(410);
}

Fault watch_error(int code, const std::string& reason) {
  Fault out;
  out.watch_error = fakes::Refusal{code, reason, "scripted", {}, "", "", ""};
  return out;
}

Fault canned(int status, const std::string& content_type, const std::string& body) {
  Fault out;
  out.answer = fakes::CannedAnswer{status, content_type, body};
  return out;
}

}  // namespace lookout::integration
