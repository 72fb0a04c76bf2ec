// The tables of docs/decoding.md, so that tests can hold the code against them.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace lookout::helm {

// By a row's first cell: its other cells.
using DocsTable = std::map<std::string, std::vector<std::string>>;

// The table under "## <heading>". Throws when there is none.
DocsTable read_decoding_docs(const std::string& heading);

}  // namespace lookout::helm
