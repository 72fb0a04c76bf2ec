// The words of a fault line that say what happens, as a table.
#pragma once

#include "lookout/base/result.hpp"

#include "test/fakes/fault_words.hpp"
#include "test/fakes/faults.hpp"

namespace lookout::fakes {

struct FaultDraft {
  RequestMatcher matcher;
  Fault fault;
  Refusal* refusal = nullptr;  // the one that was begun last, for reason=, message= ...
};

// kInvalid "WORD: why".
Result<void> apply_fault_word(FaultDraft& draft, const FaultWord& word);

}  // namespace lookout::fakes
