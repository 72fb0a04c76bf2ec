#include "test/model/error_bounds.hpp"

#include "test/model/helm_history.hpp"

namespace lookout::model {
namespace {

constexpr const char* kFamily = "helm_release_errors";

}  // namespace

void ErrorBounds::add(const std::vector<fakes::Change>& changes,
                      const std::vector<ObjectPtr>& objects, const PayloadBook& book,
                      const Scope& scope) {
  std::map<std::string, std::size_t> selected;
  for (const ObjectPtr& object : objects) {
    if (is_selected(*object, scope)) ++selected[object->ns];
  }
  for (const fakes::Change& change : changes) {
    const fakes::Object& object = change.after ? *change.after : *change.before;
    // The last may have gone and another come.
    if (selected[object.ns] <= 1) emptied_.insert(object.ns);
    if (change.after && !undecodable_reason(book.read(object), scope).empty()) ++most_[object.ns];
  }
}

void ErrorBounds::rewind(const std::vector<ObjectPtr>& objects, const PayloadBook& book,
                         const Scope& scope) {
  for (const ObjectPtr& object : objects) {
    emptied_.insert(object->ns);
    if (!undecodable_reason(book.read(*object), scope).empty()) ++most_[object->ns];
  }
}

std::vector<std::string> ErrorBounds::check(const Samples& errors,
                                            const Expectation& expected) const {
  std::vector<std::string> out;
  std::map<std::string, double> least;
  for (const std::string& ns : expected.namespaces) {
    const auto before = settled_.find(ns);
    least[ns] = before == settled_.end() || emptied_.count(ns) > 0 ? 0 : before->second;
  }
  for (const UndecodableObject& object : expected.undecodable) {
    // An older one may have been current, and counted, before.
    const bool recent = object.resource_version > settled_version_;
    if (recent || emptied_.count(object.ns) > 0) ++least[object.ns];
  }
  for (const auto& [ns, from] : least) {
    const Sample sample{kFamily, {{"namespace", ns}}};
    const auto most = most_.find(ns);
    const double to = most == most_.end() ? 0 : most->second;
    const auto at = errors.find(sample);
    if (at == errors.end()) {
      out.push_back("missing: " + text_of(sample));
    } else if (at->second < from || at->second > to) {
      out.push_back(text_of(sample) + " is " + std::to_string(at->second) +
                    ", possible: " + std::to_string(from) + " to " + std::to_string(to));
    }
  }
  for (const auto& [sample, value] : errors) {
    if (least.count(sample.labels.at("namespace")) == 0) {
      out.push_back("not expected: " + text_of(sample));
    }
  }
  return out;
}

void ErrorBounds::settle(const Samples& errors, std::uint64_t resource_version) {
  settled_.clear();
  emptied_.clear();
  settled_version_ = resource_version;
  for (const auto& [sample, value] : errors) settled_[sample.labels.at("namespace")] = value;
}

}  // namespace lookout::model
