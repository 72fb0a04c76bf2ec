#include "lookout/encoding/time.hpp"
