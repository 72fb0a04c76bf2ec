// What is known of one chart in a registry: its tags, and of each what its manifest said when it
// was last read. Tags can be moved, so what was read is asked for again now and then. No I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lookout/helm/chart_index.hpp"

#include "src/repository/oci_manifest.hpp"
#include "src/repository/oci_tag.hpp"

namespace lookout::repository {

enum class OciReading : std::uint8_t {
  kUnread,   // counts as a chart, without facts
  kChart,    // read
  kRefused,  // as kUnread, but not asked for first
  kNoChart,  // gone, or something else than a chart: left out
};

struct OciFindings {
  OciReading reading = OciReading::kUnread;
  std::string digest;  // of the manifest; "" = unknown
  ChartFacts facts;

  bool operator==(const OciFindings&) const = default;
};

struct OciVersion {
  ChartTag tag;
  OciFindings findings;
  std::uint64_t asked_in_scan = 0;  // scans count from 1

  bool operator==(const OciVersion&) const = default;
};

class OciChart {
 public:
  // `repository` is the path in the registry; its last segment is the chart's name, as Helm
  // itself insists when it pushes.
  explicit OciChart(std::string repository);

  const std::string& name() const { return name_; }
  const std::string& repository() const { return repository_; }

  // Takes over a tag list; what is known of tags that stay is kept. False when charts and
  // versions are the same as before.
  bool merge(const std::vector<std::string>& tags);

  // What `version` says of the chart is taken over unless a higher one, which still exists, has
  // spoken before.
  void describe(const OciVersion& version, helm::ChartAbout about);
  const helm::ChartAbout& about() const { return about_; }

  // Highest precedence first. References hold until the next merge().
  std::vector<OciVersion>& versions() { return versions_; }
  const std::vector<OciVersion>& versions() const { return versions_; }

 private:
  std::string name_;
  std::string repository_;
  std::vector<OciVersion> versions_;
  helm::ChartAbout about_;
  std::string described_by_;  // its tag
};

// A version of one of the charts, to be asked for.
struct OciErrand {
  OciChart* chart = nullptr;
  OciVersion* version = nullptr;
};

// Versions never read, the newest of every chart before the second newest of any, and those that
// were asked for in vain behind all others; at most `max`.
std::vector<OciErrand> unread_versions(std::vector<OciChart>& charts, std::size_t max);

// Every other version that is due: the newest of each chart in every scan, all others every
// kOciRecheckScans; those that waited longest first, at most `max`.
inline constexpr std::uint64_t kOciRecheckScans = 16;
std::vector<OciErrand> due_versions(std::vector<OciChart>& charts, std::uint64_t scan,
                                    std::size_t max);

// Charts of the same name in several repositories are one.
helm::ChartIndex make_index(const std::vector<OciChart>& charts);

}  // namespace lookout::repository
