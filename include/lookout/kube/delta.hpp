// What a reflector tells the store about one stream (the whole cluster, or one
// namespace). A list is bracketed: kReplaceBegin, kReplaceItem…, then kReplaceCommit
// (what was not named is gone) or kReplaceAbort (nothing happened).
#pragma once

#include <functional>

#include "lookout/helm/secret_meta.hpp"

namespace lookout::kube {

struct Delta {
  enum class Kind { kReplaceBegin, kReplaceItem, kReplaceCommit, kReplaceAbort, kUpsert, kErase };
  Kind kind;
  const helm::SecretMeta* object = nullptr;  // kReplaceItem, kUpsert, kErase; valid during the call
};

// Called on the reflector's thread only; must not block.
using DeltaSink = std::function<void(const Delta&)>;

}  // namespace lookout::kube
