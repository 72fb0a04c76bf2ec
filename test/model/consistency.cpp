#include "test/model/consistency.hpp"

#include <set>

namespace lookout::model {
namespace {

using ReleaseId = std::pair<std::string, std::string>;  // namespace, name

ReleaseId id_of(const Sample& sample) {
  return {sample.labels.at("namespace"), sample.labels.at("name")};
}

struct Seen {
  int infos = 0;
  int revisions = 0;
  std::string info_revision;
  double revision = 0;
  int statuses = 0;
  double statuses_set = 0;
  std::string undecodable_revision;
};

void look_at(Seen& seen, const Sample& sample, double value) {
  if (sample.family == "helm_release_info") {
    ++seen.infos;
    seen.info_revision = sample.labels.at("revision");
  } else if (sample.family == "helm_release_revision") {
    ++seen.revisions;
    seen.revision = value;
  } else if (sample.family == "helm_release_status") {
    ++seen.statuses;
    seen.statuses_set += value;
  } else if (sample.family == "helm_release_undecodable") {
    seen.undecodable_revision = sample.labels.at("revision");
  }
}

bool is_whole(const Seen& seen) {
  const bool shown = seen.statuses == 5 || seen.statuses == 6;
  const bool one = seen.infos == 1 && seen.revisions == 1 && seen.statuses_set == 1 && shown;
  const std::string revision = std::to_string(static_cast<std::uint64_t>(seen.revision));
  return one && seen.info_revision == revision &&
         (seen.undecodable_revision.empty() || seen.undecodable_revision == revision);
}

}  // namespace

std::vector<std::string> inconsistencies(const Samples& samples) {
  std::map<ReleaseId, Seen> releases;
  std::set<std::string> counted;
  for (const auto& [sample, value] : with_prefix(samples, "helm_release_")) {
    if (sample.family == "helm_release_errors") {
      counted.insert(sample.labels.at("namespace"));
    } else {
      look_at(releases[id_of(sample)], sample, value);
    }
  }
  std::vector<std::string> out;
  std::set<std::string> namespaces;
  for (const auto& [id, seen] : releases) {
    namespaces.insert(id.first);
    if (!is_whole(seen)) out.push_back("not one whole release: " + id.first + "/" + id.second);
  }
  for (const std::string& ns : namespaces) {
    if (counted.count(ns) == 0) out.push_back("no helm_release_errors of " + ns);
  }
  return out;
}

}  // namespace lookout::model
