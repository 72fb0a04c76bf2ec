#include "test/model/setup.hpp"

#include "test/model/chance.hpp"

namespace lookout::model {
namespace {

constexpr std::uint64_t kKinds = 6;
// Above this the controller reads payloads in bulk.
constexpr std::size_t kCrowd = 70;

cli::Settings settings_of(const Scope& scope) {
  cli::Settings out;
  out.namespaces = scope.namespaces;
  out.namespaces_ignore = scope.namespaces_ignore;
  out.payloads = scope.payloads;
  out.decode = scope.verify ? helm::DecodeMode::kVerify : helm::DecodeMode::kStop;
  out.release_labels = scope.release_labels;
  const bool secrets = scope.resource == fakes::Resource::kSecrets;
  out.storage_driver = secrets ? kube::StorageDriver::kSecret : kube::StorageDriver::kConfigMap;
  return out;
}

void choose_server(Setup& setup, Chance& chance) {
  setup.server.watch_list = !chance.one_in(3);
  if (chance.one_in(4)) setup.server.git_version = "v1.28.3";  // lists are not streamed
  if (chance.one_in(6)) setup.always.json_only = true;
  if (chance.one_in(8)) setup.always.json_only = setup.always.pretty = true;
  if (chance.one_in(6)) setup.always.bookmarks = fakes::Fault::Bookmarks::kNone;
  setup.crowd = chance.one_in(2) ? kCrowd : 0;
}

void choose_scope(Setup& setup, std::uint64_t kind) {
  Scope& scope = setup.scope;
  switch (kind) {
    case 0: setup.name = "cluster-wide"; break;
    case 1:
      setup.name = "two namespaces";
      scope.namespaces = {"prod", "team-b"};
      break;
    case 2: setup.name = "three shards"; break;
    case 3:
      setup.name = "payload=never";
      scope.payloads = false;
      break;
    case 4:
      setup.name = "ConfigMaps";
      scope.resource = fakes::Resource::kConfigMaps;
      break;
    default:
      setup.name = "decode=verify, one namespace ignored";
      scope.verify = true;
      scope.namespaces_ignore = {"staging"};
  }
}

}  // namespace

Setup setup_of(std::uint64_t seed) {
  Setup out;
  out.namespaces = {"prod", "staging", "team-a", "team-b", "team-c"};
  Chance chance(seed);
  const std::uint64_t kind = (seed - 1) % kKinds;
  choose_scope(out, kind);
  const std::uint64_t labels = chance.below(3);
  if (labels == 1) out.scope.release_labels = {"*"};
  if (labels == 2) out.scope.release_labels = {"team", "cost_center", "costCenter", "owner"};
  choose_server(out, chance);
  const std::uint32_t shards = kind == 2 ? 3 : 1;
  for (std::uint32_t shard = 0; shard < shards; ++shard) {
    out.processes.push_back(settings_of(out.scope));
    out.processes.back().shard = shard;
    out.processes.back().total_shards = shards;
  }
  return out;
}

std::string to_json(const Setup& setup) {
  std::string out = R"({"setup":")" + setup.name + "\"";
  const auto flag = [&](const std::string& name, bool value) {
    out += ",\"" + name + "\":" + (value ? "true" : "false");
  };
  flag("watch_list", setup.server.watch_list);
  flag("json_only", setup.always.json_only);
  flag("pretty", setup.always.pretty);
  flag("bookmarks", setup.always.bookmarks == fakes::Fault::Bookmarks::kAll);
  return out + R"(,"version":")" + setup.server.git_version + "\"}";
}

}  // namespace lookout::model
