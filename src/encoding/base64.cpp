#include "lookout/encoding/base64.hpp"
