#include "lookout/encoding/gzip.hpp"
