#include "test/kube/kubectl_case.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "lookout/base/text.hpp"
#include "lookout/system/files.hpp"
#include "test/testdata.hpp"

namespace lookout::kube {
namespace {

encoding::Yaml golden(const std::string& name) {
  const auto text = system::read_file(kubeconfig_folder() + "/golden/" + name + ".json");
  REQUIRE(text.ok());
  auto parsed = encoding::parse_yaml(*text);
  REQUIRE(parsed.ok());
  return std::move(parsed).value();
}

std::optional<KubectlCase::Wire> wire_of(const encoding::Yaml& recorded) {
  if (recorded.is_null()) return std::nullopt;
  KubectlCase::Wire wire{recorded.find("path")->scalar, {}};
  for (const encoding::Yaml& header : recorded.find("headers")->items) {
    wire.headers.emplace_back(to_lower(header.items[0].scalar), header.items[1].scalar);
  }
  std::sort(wire.headers.begin(), wire.headers.end());
  return wire;
}

}  // namespace

std::string kubeconfig_folder() { return testdata_path("kubeconfig"); }

Environment KubectlCase::environment() const {
  std::string list;
  for (const std::string& file : files) {
    list += (list.empty() ? "" : ":") + kubeconfig_folder() + "/" + file;
  }
  return {{"KUBECONFIG", list}};
}

std::vector<KubectlCase> kubectl_cases() {
  std::vector<KubectlCase> cases;
  std::ifstream lines(kubeconfig_folder() + "/cases.txt");
  for (std::string line; std::getline(lines, line);) {
    KubectlCase one;
    std::string files;
    std::istringstream(line) >> one.name >> files >> one.context;
    for (const auto file : split(files, ':')) one.files.emplace_back(file);
    const encoding::Yaml recorded = golden(one.name);
    one.view = *recorded.find("view");
    one.wire = wire_of(*recorded.find("wire"));
    cases.push_back(std::move(one));
  }
  REQUIRE(cases.size() > 50);
  return cases;
}

}  // namespace lookout::kube
