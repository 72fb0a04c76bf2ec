// Where the tests' data are.
#pragma once

#include <string>
#include <string_view>

namespace lookout {

// The path of test/testdata/<name>.
std::string testdata_path(std::string_view name);

}  // namespace lookout
