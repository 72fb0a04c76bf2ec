// Carries out operations on the objects of a fake cluster, by the same sequences of writes as
// Helm's own actions. What Helm would refuse changes nothing.
// Source: Helm's pkg/action/{install,upgrade,rollback,uninstall}.go, pkg/storage/storage.go.
// Not thread-safe; the store is.
#pragma once

#include <cstdint>
#include <functional>

#include "test/model/helm_history.hpp"
#include "test/model/operation.hpp"

namespace lookout::model {

class HelmCluster {
 public:
  // Both outlive the cluster. `resource`: what the storage driver keeps releases in.
  HelmCluster(fakes::ObjectStore& store, PayloadBook& book, fakes::Resource resource)
      : store_(store), book_(book), resource_(resource) {}

  void apply(const Operation& operation);

 private:
  void install(const Operation& operation);
  void upgrade(const Operation& operation);
  void rollback(const Operation& operation);
  void uninstall(const Operation& operation);
  void change_object(const Operation& operation);
  void copy(const Operation& operation);
  void create_foreign(const Operation& operation);
  void delete_namespace(const std::string& ns);

  HelmHistory history(const Operation& operation) const;
  // Makes room, then writes a revision that is pending, then what became of it.
  void add_revision(const Operation& operation, Payload payload, const fakes::Labels& user_labels);
  void prune(const Operation& operation);
  void create(const Payload& payload, const fakes::Labels& user_labels);
  void set_status(const HistoryEntry& entry, const std::string& status);
  void write(const Payload& payload, const fakes::Labels& user_labels,
             const std::string& time_label);
  void remove(const fakes::Object& object);

  fakes::ObjectStore& store_;
  PayloadBook& book_;
  const fakes::Resource resource_;
  std::int64_t now_seconds_ = 1'700'000'000;  // goes on by a minute an operation
};

// Labels that Helm did not set.
fakes::Labels user_labels(const fakes::Object& object);

}  // namespace lookout::model
