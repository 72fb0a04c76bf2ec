// Sheets of cases in test/testdata/aws.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lookout::aws {

struct SheetCase {
  std::string name;
  std::map<std::string, std::string> parts;  // without the last line's end
};

// "=== name", then "--- part" with its lines, again and again.
std::vector<SheetCase> read_sheet(const std::string& path);

// Lines of percent-encoded fields between tabs; "#" begins a comment. A name that ends in ".gz" is
// unpacked.
std::vector<std::vector<std::string>> read_table(const std::string& path);

}  // namespace lookout::aws
