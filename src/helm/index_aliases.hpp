// The events of a YAML index with each alias replaced by what it stands for and each merge key
// by the members that it brings in, as go.yaml.in/yaml/v2 does: merged members are members like
// the others, so one that the mapping has itself is a key that comes again.
//
// Anchored values are kept in memory, kTapeBytesMax of them at most.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/encoding/yaml_events.hpp"
#include "lookout/helm/chart_index.hpp"

namespace lookout::helm {

struct IndexEvent {
  enum class Kind {
    kNoDocument,  // the end, and there was nothing before it
    kDocumentEnd,
    kScalar,
    kKey,
    kUnusableKey,  // a list or mapping as the key
    kListStart,
    kMappingStart,
    kEnd,  // of the innermost list or mapping
  };

  Kind kind = Kind::kNoDocument;
  // kScalar, kKey; see YamlEvent. Views last until the next event.
  std::string_view text{};
  std::string_view tag{};
  bool plain = false;
};

class IndexAliases {
 public:
  static constexpr std::size_t kTapeBytesMax = 8U << 20;

  // Both must outlive this.
  IndexAliases(encoding::YamlEvents& events, const IndexLimits& limits)
      : events_(events), limits_(limits) {}

  // False: see failure().
  bool next();
  const IndexEvent& event() const { return event_; }
  std::size_t line() const { return line_; }
  const std::optional<IndexFailure>& failure() const { return failure_; }

 private:
  using Kind = encoding::YamlEvent::Kind;

  // Events of the tape, [begin, end).
  struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  // What an anchored value consists of. An alias inside it was resolved when it was read.
  struct Taped {
    Kind kind = Kind::kScalar;
    bool plain = false;
    Range alias{};
    std::string text{};
    std::string tag{};
  };
  // The current event before merging: a view of libyaml's or of the tape's.
  struct Raw {
    Kind kind = Kind::kStreamEnd;
    bool plain = false;
    std::string_view text{};
    std::string_view tag{};
  };
  struct OpenAnchor {
    std::string name;
    std::size_t begin = 0;  // on the tape
    std::size_t depth = 0;  // open_live_ before it
  };
  enum class Around { kList, kMapping, kMergedMapping, kMergeList };
  struct Container {
    Around around;
    bool at_key = true;
  };

  bool fail(IndexDefect defect, std::string message);
  bool pull();
  bool pull_live();
  bool replay(Range range);
  bool resolve_alias(std::string_view name);
  void open_anchor(std::string_view name);
  void tape(Taped taped);
  void close_anchors();
  bool emit();
  bool emit_container();
  bool leave();
  bool begin_merge();
  bool skip_key();
  bool in_mapping() const;
  void value_ends();
  bool push(Around around);
  bool within_depth(std::size_t more);

  encoding::YamlEvents& events_;
  const IndexLimits& limits_;
  IndexEvent event_;
  Raw raw_;
  std::size_t line_ = 0;
  std::optional<IndexFailure> failure_;

  std::vector<Taped> tape_;
  std::size_t tape_bytes_ = 0;
  bool tape_full_ = false;
  std::map<std::string, Range, std::less<>> anchors_;
  std::vector<OpenAnchor> open_anchors_;
  std::size_t open_live_ = 0;  // lists and mappings of the file itself

  std::vector<Range> replays_;
  std::size_t aliases_ = 0;
  std::size_t alias_nodes_ = 0;
  std::vector<Container> containers_;
};

}  // namespace lookout::helm
