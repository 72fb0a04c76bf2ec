#include "lookout/helm/chart_index.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "src/helm/index_formats.hpp"
#include "src/helm/index_input.hpp"
#include "src/helm/index_reader.hpp"

namespace lookout::helm {
namespace {

// `helm search repo --devel` asks for versions > 0.0.0-0, the lowest there is.
const Version kLowest{0, 0, 0, "0", ""};

IndexOutcome read_either(IndexInput& input, IndexOpening opening, const IndexLimits& limits) {
  if (opening == IndexOpening::kBrace) {
    if (auto read = read_json_index(input, limits)) return *std::move(read);
    if (!input.rewind()) {
      return index_failure(IndexDefect::kMalformed,
                           "not valid JSON, and too long to be read as YAML");
    }
  }
  input.forget();
  return read_yaml_index(input, limits);
}

}  // namespace

std::string_view skipped_entry_reason(SkippedEntry reason) {
  switch (reason) {
    case SkippedEntry::kNull: return "null";
    case SkippedEntry::kNoName: return "no_name";
    case SkippedEntry::kNoVersion: return "no_version";
    case SkippedEntry::kBadVersion: return "bad_version";
    case SkippedEntry::kBadType: return "bad_type";
    case SkippedEntry::kDuplicateKey: return "duplicate_key";
    case SkippedEntry::kBadDate: return "bad_date";
  }
  return "";
}

IndexFailure input_failure(const IndexInput& input, const Error& error) {
  if (input.source_failure()) return {std::nullopt, *input.source_failure()};
  return {IndexDefect::kTooLarge, error};
}

IndexOutcome read_chart_index(const ByteSource& source, const IndexLimits& limits) {
  IndexInput input(source, limits);
  const Result<IndexOpening> opening = input.opening();
  if (!opening) return input_failure(input, opening.error());
  switch (*opening) {
    case IndexOpening::kNothing: return index_failure(IndexDefect::kEmpty, "no bytes but space");
    case IndexOpening::kMarkup:
      return index_failure(IndexDefect::kNotAnIndex,
                           "an HTML or XML document instead of an index: is this a login page, or "
                           "the address of a web site?");
    default: return read_either(input, *opening, limits);
  }
}

IndexedChart make_indexed_chart(std::string name, std::vector<ChartVersion> versions) {
  std::stable_sort(versions.begin(), versions.end(),
                   [](const ChartVersion& a, const ChartVersion& b) {
                     return compare_precedence(a.version, b.version) > 0;
                   });
  // Of equal texts the last one is what Helm shows.
  std::unordered_set<std::string> seen;
  const auto shown =
      std::remove_if(versions.rbegin(), versions.rend(), [&](const ChartVersion& version) {
        return compare_precedence(version.version, kLowest) <= 0 ||
               !seen.insert(version.text).second;
      });
  versions.erase(versions.begin(), shown.base());
  versions.shrink_to_fit();
  return {std::move(name), std::move(versions), {}};
}

}  // namespace lookout::helm
