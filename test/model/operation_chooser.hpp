// Chooses what happens next, by chance, from what the cluster holds now. The same seed on the same
// objects makes the same choices on every machine, whatever else happens meanwhile.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "test/model/chance.hpp"
#include "test/model/helm_history.hpp"
#include "test/model/operation.hpp"

namespace lookout::model {

struct ChooserOptions {
  std::uint64_t seed = 1;
  std::vector<std::string> namespaces = {"prod", "staging", "team-a", "team-b", "team-c"};
  // Only what helm and kubectl can do on a real API server, where Helm writes the payloads.
  bool real = false;
};

class OperationChooser {
 public:
  // Both outlive the chooser.
  OperationChooser(const fakes::ObjectStore& store, const PayloadBook& book,
                   fakes::Resource resource, ChooserOptions options)
      : store_(store),
        book_(book),
        resource_(resource),
        options_(std::move(options)),
        chance_(options_.seed) {}

  // One that Helm and the server will not refuse.
  Operation choose();
  // A plain installation of another release.
  Operation install_numbered(std::size_t number);

 private:
  // Each gives up (nullopt) when the place that chance picked does not suit it.
  using Choice = std::optional<Operation> (OperationChooser::*)();
  static Choice choice(std::uint64_t dice);
  std::optional<Operation> install();
  std::optional<Operation> upgrade();
  std::optional<Operation> rollback();
  std::optional<Operation> uninstall();
  std::optional<Operation> remove_current();
  std::optional<Operation> change_object();
  std::optional<Operation> copy();
  std::optional<Operation> edit_label();
  std::optional<Operation> corrupt();
  std::optional<Operation> repair();
  std::optional<Operation> create_foreign();
  std::optional<Operation> delete_namespace();

  Operation helm_operation(Verb verb);
  void add_chart(Operation& operation);
  HelmHistory history(const Operation& operation) const;
  bool has_room(const Operation& operation, std::uint32_t revision) const;
  // Any object; null when there is none.
  ObjectPtr any_object();
  std::optional<Operation> object_operation(Verb verb, const ObjectPtr& object);

  const fakes::ObjectStore& store_;
  const PayloadBook& book_;
  const fakes::Resource resource_;
  const ChooserOptions options_;
  Chance chance_;
};

}  // namespace lookout::model
