#include "test/model/expectation.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "test/model/helm_history.hpp"

namespace lookout::model {
namespace {

const std::vector<std::string> kAlwaysShown = {"deployed", "failed", "pending-install",
                                               "pending-rollback", "pending-upgrade"};
const std::vector<std::string> kShownWhileSo = {"superseded", "uninstalled", "uninstalling",
                                                "unknown"};
const std::vector<std::string> kSystemLabels = {"createdAt", "modifiedAt", "name",
                                                "owner",     "status",     "version"};
constexpr std::uint64_t kRevisionMax = 2'147'483'647;

bool contains(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

struct Named {
  std::string release;
  std::uint32_t revision = 0;
};

bool is_digits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

std::optional<Named> parse_name(const std::string& name) {
  const std::string prefix = "sh.helm.release.v1.";
  const std::size_t dot = name.rfind(".v");
  if (!name.starts_with(prefix) || dot == std::string::npos || dot <= prefix.size()) {
    return std::nullopt;
  }
  const std::string digits = name.substr(dot + 2);
  if (!is_digits(digits) || digits.front() == '0' || digits.size() > 10) return std::nullopt;
  const std::uint64_t revision = std::stoull(digits);
  if (revision > kRevisionMax) return std::nullopt;
  return Named{name.substr(prefix.size(), dot - prefix.size()),
               static_cast<std::uint32_t>(revision)};
}

std::string ignored_reason(const std::string& name) {
  const std::string prefix = "sh.helm.release.v";
  if (!name.starts_with(prefix)) return "bad_name";
  const std::string format =
      name.substr(prefix.size(), name.find('.', prefix.size()) - prefix.size());
  return is_digits(format) && format != "1" ? "unsupported_version" : "bad_name";
}

bool has_info(const Payload& payload) {
  return payload.style != Style::kNoInfo;
}
bool has_metadata(const Payload& payload) {
  return payload.style != Style::kNoMetadata;
}
bool has_times(const Payload& payload) {
  return has_info(payload) && payload.style != Style::kNoTimes;
}

// kube-state-metrics' rules: snake case, what Prometheus does not allow becomes "_", and names
// that meet get numbers in the order of their keys.
std::string label_name(const std::string& key) {
  std::string snake;
  bool lower_before = false;  // or a digit
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isupper(byte) != 0 && lower_before) snake += '_';
    snake += std::isalnum(byte) != 0 ? static_cast<char>(std::tolower(byte)) : '_';
    lower_before = std::islower(byte) != 0 || std::isdigit(byte) != 0;
  }
  return "label_" + snake;
}

SampleLabels shown_labels(const fakes::Object& object, const std::vector<std::string>& allowed) {
  std::map<std::string, std::vector<std::string>> values;  // label name -> by order of keys
  const std::map<std::string, std::string> sorted(object.labels.begin(), object.labels.end());
  for (const auto& [key, value] : sorted) {
    if (contains(kSystemLabels, key)) continue;
    if (contains(allowed, "*") || contains(allowed, key)) values[label_name(key)].push_back(value);
  }
  SampleLabels out;
  for (const auto& [name, all] : values) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      out[all.size() == 1 ? name : name + "_conflict" + std::to_string(i + 1)] = all[i];
    }
  }
  return out;
}

using Revisions = std::map<std::uint32_t, ObjectPtr>;
using ReleaseId = std::pair<std::string, std::string>;  // namespace, name

// The samples of one release.
class Writer {
 public:
  Writer(const ReleaseId& id, const Revisions& revisions, const Scope& scope,
         const PayloadBook& book, Samples& out)
      : id_(id),
        revisions_(revisions),
        current_(*revisions.rbegin()->second),
        payload_(book.read(current_)),
        reason_(scope.payloads ? undecodable_reason(payload_, scope) : ""),
        readable_(scope.payloads && reason_.empty()),
        scope_(scope),
        out_(out) {}

  void write() {
    add("helm_release_revision", revision());
    add("helm_release_revisions", static_cast<double>(revisions_.size()));
    write_info();
    write_status();
    write_deployed_revision();
    write_times();
    if (scope_.payloads && payload_.damage != Damage::kNoReleaseKey) {
      add("helm_release_storage_bytes", static_cast<double>(current_.value->size()));
    }
    if (!reason_.empty()) {
      add("helm_release_undecodable", 1,
          {{"revision", std::to_string(revision())}, {"reason", reason_}});
    }
    const SampleLabels labels = shown_labels(current_, scope_.release_labels);
    if (!labels.empty()) add("helm_release_labels", 1, labels);
  }

  bool undecodable() const { return !reason_.empty(); }

 private:
  std::uint32_t revision() const { return revisions_.rbegin()->first; }

  void add(const std::string& family, double value, SampleLabels labels = {}) {
    labels["namespace"] = id_.first;
    labels["name"] = id_.second;
    out_[{family, std::move(labels)}] = value;
  }

  void write_info() {
    SampleLabels labels{{"revision", std::to_string(revision())}};
    const bool known = readable_ && has_metadata(payload_);
    const auto fact = [&](const std::string& text) {
      return known ? text : scope_.payloads ? "MISSING" : "";
    };
    labels["chart"] = fact(payload_.chart);
    labels["chart_version"] = fact(payload_.chart_version);
    labels["app_version"] =
        fact(payload_.style == Style::kNoAppVersion ? "" : payload_.app_version);
    add("helm_release_info", 1, std::move(labels));
  }

  std::string status() const {
    if (readable_ && has_info(payload_) && payload_.style != Style::kOddStatus) {
      return payload_.status;
    }
    const std::string label = label_of(current_, "status");
    return contains(kAlwaysShown, label) || contains(kShownWhileSo, label) ? label : "unknown";
  }

  void write_status() {
    const std::string now = status();
    for (const std::string& one : kAlwaysShown) {
      add("helm_release_status", one == now ? 1 : 0, {{"status", one}});
    }
    if (contains(kShownWhileSo, now)) add("helm_release_status", 1, {{"status", now}});
  }

  void write_deployed_revision() {
    std::uint32_t highest = 0;
    for (const auto& [revision, object] : revisions_) {
      if (label_of(*object, "status") == "deployed") highest = revision;
    }
    if (highest != 0) add("helm_release_deployed_revision", highest);
  }

  void write_times() {
    if (readable_ && has_times(payload_)) {
      add("helm_release_updated", static_cast<double>(payload_.last_deployed_seconds));
      add("helm_release_first_deployed_timestamp_seconds",
          static_cast<double>(payload_.first_deployed_seconds));
    }
    if (scope_.payloads) return;
    for (const char* key : {"modifiedAt", "createdAt"}) {
      const std::string text = label_of(current_, key);
      if (text.empty()) continue;
      add("helm_release_updated", std::stod(text));
      return;
    }
  }

  const ReleaseId& id_;
  const Revisions& revisions_;
  const fakes::Object& current_;
  const Payload& payload_;
  const std::string reason_;
  const bool readable_;
  const Scope& scope_;
  Samples& out_;
};

}  // namespace

std::string undecodable_reason(const Payload& payload, const Scope& scope) {
  if (!payload.damage) return "";
  if (*payload.damage != Damage::kLate) return std::string(damage_name(*payload.damage));
  // Whoever has to read to the end to find what is not there sees it too.
  const bool read_whole = scope.verify || !has_info(payload) || !has_metadata(payload);
  return read_whole ? "gzip" : "";
}

bool is_selected(const fakes::Object& object, const Scope& scope) {
  if (object.resource != scope.resource || label_of(object, "owner") != "helm") return false;
  if (object.resource == fakes::Resource::kSecrets && object.type != "helm.sh/release.v1") {
    return false;
  }
  if (contains(scope.namespaces_ignore, object.ns)) return false;
  return scope.namespaces.empty() || contains(scope.namespaces, object.ns);
}

Expectation expect(const std::vector<ObjectPtr>& objects, const PayloadBook& book,
                   const Scope& scope) {
  Expectation out;
  std::map<ReleaseId, Revisions> releases;
  for (const ObjectPtr& object : objects) {
    if (!is_selected(*object, scope)) continue;
    const auto named = parse_name(object->name);
    if (!named) {
      ++out.ignored[ignored_reason(object->name)];
      continue;
    }
    ++out.objects;
    releases[{object->ns, named->release}][named->revision] = object;
  }
  for (const auto& [id, revisions] : releases) {
    out.namespaces.insert(id.first);
    Writer writer(id, revisions, scope, book, out.samples);
    writer.write();
    const fakes::Object& current = *revisions.rbegin()->second;
    if (writer.undecodable()) {
      out.undecodable.push_back({id.first, current.uid, current.resource_version});
    }
  }
  return out;
}

}  // namespace lookout::model
