// model_operations: prints what the model test would do to releases, one JSON object a line, for
// whoever wants to do the same to a real cluster. README.md beside this file has the format.

#include <CLI/CLI.hpp>

#include <cstdint>
#include <cstdio>

#include "test/model/helm_cluster.hpp"
#include "test/model/operation_chooser.hpp"

int main(int argc, char** argv) {
  using namespace lookout;
  model::ChooserOptions options;
  std::size_t count = 100;
  CLI::App app("Prints operations on Helm releases, one JSON object a line");
  app.add_option("--seed", options.seed, "The same seed gives the same operations");
  app.add_option("--count", count, "How many");
  app.add_option("--namespaces", options.namespaces, "Where")->delimiter(',');
  app.add_flag("--real", options.real, "Only what helm and kubectl can do");
  CLI11_PARSE(app, argc, argv);

  // What comes next depends on what there is: each operation is carried out here first.
  fakes::ObjectStore store;
  model::PayloadBook book;
  constexpr auto kSecrets = fakes::Resource::kSecrets;
  model::HelmCluster cluster(store, book, kSecrets);
  model::OperationChooser chooser(store, book, kSecrets, options);
  for (std::size_t i = 0; i < count; ++i) {
    const model::Operation operation = chooser.choose();
    std::puts(model::to_json(operation).c_str());
    cluster.apply(operation);
  }
  return 0;
}
