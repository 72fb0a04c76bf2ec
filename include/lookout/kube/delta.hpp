// What a reflector tells the store about one stream (the whole cluster, or one
// namespace). A list is bracketed: kReplaceBegin, kReplaceItem…, then kReplaceCommit
// (what was not named is gone) or kReplaceAbort (nothing happened). A streamed list may
// also name an object twice, or kErase it again before the commit.
#pragma once

#include <functional>

#include "lookout/helm/secret_meta.hpp"

namespace lookout::kube {

struct Delta {
  enum class Kind { kReplaceBegin, kReplaceItem, kReplaceCommit, kReplaceAbort, kUpsert, kErase };
  Kind kind;
  const helm::SecretMeta* object = nullptr;  // kReplaceItem, kUpsert, kErase; valid during the call
};

// Called by one thread at a time: the reflector's, or the transport's while the former
// waits for an answer. Must not block.
using DeltaSink = std::function<void(const Delta&)>;

}  // namespace lookout::kube
