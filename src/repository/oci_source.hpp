// A registry as a chart repository: the settings' path, or each of its `charts` below it.
//
// Which versions exist is what the tag lists say, read whole in every scan; one list that cannot
// be read fails the scan, so that what is published is of one moment. Creation dates, app versions
// and deprecation are in manifests and config blobs, one of each a version: they are read once and
// kept, kManifestsMax a scan and in at most half of its time, newest versions first, and a version
// that has not had its turn is published without them. As tags can be moved, HEAD asks whether
// a manifest is still the same: of each chart's newest version in every scan, of the others every
// kOciRecheckScans. Tags that turn out to be no charts (images, signatures) are left out.
//
// One that the registry throttles waits for the next scan; one that it refuses (4xx), or that
// makes it stumble (5xx, fewer than kServerErrorsMax a scan), is published without facts, and a
// config blob that does not match its digest counts as absent. 401, more 5xx and the network's
// failures fail the scan, and what was read is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/repository/scan.hpp"

#include "src/repository/oci_chart.hpp"
#include "src/repository/oci_registry.hpp"

namespace lookout::repository {

class OciSourceReader {
 public:
  static constexpr std::size_t kManifestsMax = 200;     // read a scan
  static constexpr std::size_t kRechecksMax = 32;       // asked for again a scan
  static constexpr int kServerErrorsMax = 3;            // a scan
  static constexpr std::size_t kVersionsMax = 100'000;  // of all charts: more is kTooLarge

  // REQUIRES: settings.source is an OciSource. Both outlive this.
  OciSourceReader(const RepositorySettings& settings, const ScanContext& context);

  // Unchanged: the same tags as last time, and nothing new was learnt of them.
  ScanOutcome scan(std::stop_token stop, MonoTime deadline);

 private:
  enum class Progress { kOn, kEnough };

  std::optional<Failed> read_tags(std::stop_token stop);
  std::optional<Failed> read_facts(MonoTime until, std::stop_token stop);
  Fetched<Progress> recheck(const OciErrand& errand, std::stop_token stop);
  Fetched<Progress> read_version(const OciErrand& errand, std::stop_token stop);
  Fetched<Progress> read_config(const OciErrand& errand, const std::string& digest,
                                const ChartManifest& manifest, std::stop_token stop);
  // Goes on after trouble that may be this version's alone.
  Fetched<Progress> pass_over(OciVersion& version, Failed failure);
  void conclude(OciVersion& version, OciFindings findings);

  const RepositorySettings& settings_;
  const ScanContext& context_;
  OciRegistry registry_;
  std::vector<OciChart> charts_;
  std::uint64_t scan_ = 0;
  int server_errors_ = 0;  // in this scan
  std::uint64_t index_bytes_ = 0;
  bool changed_ = true;  // since what was last handed out
};

}  // namespace lookout::repository
