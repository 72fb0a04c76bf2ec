// Captured answers under test/testdata/kube.
#pragma once

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include "test/testdata.hpp"

namespace lookout::kube {

inline std::string testdata(const std::string& name) {
  std::ifstream file(lookout::testdata_path("kube/" + name), std::ios::binary);
  REQUIRE(file.is_open());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace lookout::kube
