// What holds in every scrape, whatever is going on: it is of one moment, and whole.
#pragma once

#include <string>
#include <vector>

#include "test/model/samples.hpp"

namespace lookout::model {

// What is wrong with a scrape of one process; empty when nothing is.
std::vector<std::string> inconsistencies(const Samples& samples);

}  // namespace lookout::model
