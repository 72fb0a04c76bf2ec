#include "test/fakes/fault_mix.hpp"

namespace lookout::fakes {
namespace {

// A payload is read by a LIST that names its object, so the other LISTs are the reflector's.
constexpr NamedFault kNamedFaults[] = {
    {"drop-fin", "drop fin"},
    {"drop-reset", "drop reset"},
    {"close-after-answer", "any close times=10"},
    {"watch-429-retry-after", "watch status=429 retry-after=2; drop fin"},
    {"watch-429", "watch status=429 times=2; drop"},
    {"watch-500", "watch status=500 times=2; drop"},
    {"watch-html", "watch answer=502 type=text/html body=\"<html>Bad Gateway</html>\"; drop"},
    {"watch-expired", "watch error=410; drop fin"},
    {"watch-internal-error", "watch error=500; drop fin"},
    {"watch-cut-fin", "watch cut=3000 how=fin times=2; drop"},
    {"watch-cut-reset", "watch cut=1000 how=reset times=2; drop"},
    {"watch-single-bytes", "watch single-bytes; drop"},
    {"watch-gzip-members", "watch gzip-members; drop"},
    {"watch-repeats", "watch repeat-events; drop"},
    {"watch-no-bookmarks", "watch bookmarks=none; drop"},
    {"unauthorized", "any status=401 times=2; drop"},
    {"json-only", "any json-only times=20; drop"},
    {"pretty-json", "any json-only pretty times=20; drop"},
    {"no-metadata", "watch ignore-metadata; drop"},
    {"compacted", "compact; drop"},
    {"compacted-watchlist-cut", "compact; watchlist cut=20000 how=reset times=2; drop"},
    {"compacted-no-end", "compact; watchlist bookmarks=no-end; drop"},
    {"compacted-list-500",
     "compact; watchlist status=422; list lacks=metadata.name status=500; drop"},
    {"compacted-list-cut",
     "compact; watchlist status=422; list lacks=metadata.name cut=9000; drop"},
    {"rewind", "rewind"},
    {"payload-500", "list contains=metadata.name status=500 times=5"},
    {"payload-429", "list contains=metadata.name status=429 retry-after=1 times=5"},
    {"payload-cut", "list contains=metadata.name cut=300 times=5"},
    {"payload-html",
     "list contains=metadata.name answer=200 type=text/html body=\"<html>\" times=3"},
    {"payload-stall", "list contains=metadata.name stall"},
    {"repository-503", "repository status=503"},
    {"repository-html", "repository answer=200 type=text/html body=\"<html>Sign in</html>\""},
    {"repository-empty", "repository answer=200 type=text/yaml body=\"\""},
    {"repository-cut", "repository cut=700 how=fin times=2"},
    {"repository-stall", "repository cut=100 how=stall"},
};

}  // namespace

std::span<const NamedFault> named_faults() {
  return kNamedFaults;
}

const NamedFault& FaultDice::next() {
  return kNamedFaults[random_() % std::size(kNamedFaults)];
}

}  // namespace lookout::fakes
