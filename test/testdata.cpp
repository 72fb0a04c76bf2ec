#include "test/testdata.hpp"

namespace lookout {

std::string testdata_path(std::string_view name) {
  return std::string(LOOKOUT_TESTDATA "/").append(name);
}

}  // namespace lookout
