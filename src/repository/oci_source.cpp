#include "src/repository/oci_source.hpp"

#include <utility>

#include "lookout/encoding/digest.hpp"

#include "src/repository/source.hpp"

namespace lookout::repository {
namespace {

static_assert(RepositorySource<OciSourceReader>);

using Content = OciRegistry::Content;
using Verdict = OciRegistry::Verdict;

std::vector<OciChart> charts_of(const OciSource& source) {
  std::vector<OciChart> charts;
  if (source.charts.empty()) charts.emplace_back(source.path);
  for (const std::string& name : source.charts) {
    charts.emplace_back(source.path.empty() ? name : source.path + "/" + name);
  }
  return charts;
}

std::string stated_digest(const Answer& answer) {
  const std::string* const field = answer.head.headers.find("Docker-Content-Digest");
  return field != nullptr && is_digest(*field) ? *field : "";
}

std::string sha256_digest(std::string_view content) {
  return "sha256:" + encoding::digest_hex(encoding::sha256(content));
}

// What other hosts may have sent instead is not believed.
bool is_genuine(std::string_view content, const std::string& digest) {
  return !digest.starts_with("sha256:") || sha256_digest(content) == digest;
}

}  // namespace

OciSourceReader::OciSourceReader(const RepositorySettings& settings, const ScanContext& context)
    : settings_(settings),
      context_(context),
      registry_(settings, context),
      charts_(charts_of(std::get<OciSource>(settings.source))) {}

ScanOutcome OciSourceReader::scan(std::stop_token stop, MonoTime deadline) {
  ++scan_;
  server_errors_ = 0;
  const MonoTime now = context_.clock.now();
  if (auto failure = registry_.start_scan(deadline)) return std::move(failure->outcome);
  if (auto failure = read_tags(stop)) return std::move(failure->outcome);
  if (auto failure = read_facts(now + (deadline - now) / 2, std::move(stop))) {
    return std::move(failure->outcome);
  }
  if (!changed_) return Unchanged{};
  changed_ = false;
  return ScanData{make_index(charts_), index_bytes_};
}

std::optional<Failed> OciSourceReader::read_tags(std::stop_token stop) {
  std::size_t versions = 0;
  index_bytes_ = 0;
  for (OciChart& chart : charts_) {
    auto fetched = registry_.list_tags(chart.repository(), stop);
    if (auto* const failure = std::get_if<Failed>(&fetched)) return std::move(*failure);
    const auto& list = std::get<OciRegistry::TagList>(fetched);
    index_bytes_ += list.bytes;
    changed_ = chart.merge(list.tags) || changed_;
    versions += chart.versions().size();
    if (versions > kVersionsMax) {
      return Failed{ScanError{.type = ScanErrorType::kTooLarge,
                              .message = display_url(settings_) + ": more than " +
                                         std::to_string(kVersionsMax) + " versions",
                              .retry_after = std::nullopt}};
    }
  }
  return std::nullopt;
}

std::optional<Failed> OciSourceReader::read_facts(MonoTime until, std::stop_token stop) {
  const auto run = [&](const std::vector<OciErrand>& errands, auto step) -> Fetched<Progress> {
    for (const OciErrand& errand : errands) {
      if (context_.clock.now() >= until) return Progress::kEnough;
      Fetched<Progress> done = (this->*step)(errand, stop);
      const auto* const progress = std::get_if<Progress>(&done);
      if (progress == nullptr || *progress == Progress::kEnough) return done;
    }
    return Progress::kOn;
  };
  Fetched<Progress> done =
      run(due_versions(charts_, scan_, kRechecksMax), &OciSourceReader::recheck);
  const auto* const progress = std::get_if<Progress>(&done);
  if (progress != nullptr && *progress == Progress::kOn) {
    done = run(unread_versions(charts_, kManifestsMax), &OciSourceReader::read_version);
  }
  if (auto* const failure = std::get_if<Failed>(&done)) return std::move(*failure);
  return std::nullopt;
}

Fetched<OciSourceReader::Progress> OciSourceReader::recheck(const OciErrand& errand,
                                                            std::stop_token stop) {
  OciVersion& version = *errand.version;
  auto fetched = registry_.probe_manifest(errand.chart->repository(), version.tag.tag, stop);
  if (auto* const failure = std::get_if<Failed>(&fetched)) {
    return pass_over(version, std::move(*failure));
  }
  const auto& content = std::get<Content>(fetched);
  if (content.verdict == Verdict::kBusy) return Progress::kEnough;
  version.asked_in_scan = scan_;
  if (content.verdict == Verdict::kGone) conclude(version, {OciReading::kNoChart, "", {}});
  if (content.verdict != Verdict::kHere) return Progress::kOn;
  const std::string digest = stated_digest(content.answer);
  if (digest.empty() || digest == version.findings.digest) return Progress::kOn;
  return read_version(errand, std::move(stop));
}

Fetched<OciSourceReader::Progress> OciSourceReader::read_version(const OciErrand& errand,
                                                                 std::stop_token stop) {
  OciVersion& version = *errand.version;
  auto fetched = registry_.read_manifest(errand.chart->repository(), version.tag.tag, stop);
  if (auto* const failure = std::get_if<Failed>(&fetched)) {
    return pass_over(version, std::move(*failure));
  }
  const auto& content = std::get<Content>(fetched);
  if (content.verdict == Verdict::kBusy) return Progress::kEnough;
  version.asked_in_scan = scan_;
  if (content.verdict == Verdict::kRefused) conclude(version, {OciReading::kRefused, "", {}});
  if (content.verdict == Verdict::kGone) conclude(version, {OciReading::kNoChart, "", {}});
  if (content.verdict != Verdict::kHere) return Progress::kOn;
  const std::string stated = stated_digest(content.answer);
  const std::string digest = stated.empty() ? sha256_digest(content.answer.body) : stated;
  const auto manifest = parse_manifest(content.answer.body);
  if (manifest.ok() && *manifest) {
    return read_config(errand, digest, **manifest, std::move(stop));
  }
  // What Helm cannot read is no chart either.
  conclude(version, {OciReading::kNoChart, digest, {}});
  return Progress::kOn;
}

Fetched<OciSourceReader::Progress> OciSourceReader::read_config(const OciErrand& errand,
                                                                const std::string& digest,
                                                                const ChartManifest& manifest,
                                                                std::stop_token stop) {
  auto fetched =
      registry_.read_blob(errand.chart->repository(), manifest.config_digest, std::move(stop));
  if (auto* const failure = std::get_if<Failed>(&fetched)) {
    return pass_over(*errand.version, std::move(*failure));
  }
  const auto& content = std::get<Content>(fetched);
  if (content.verdict == Verdict::kBusy) return Progress::kEnough;
  ChartConfig config;
  const std::string& body = content.answer.body;
  if (content.verdict == Verdict::kHere && is_genuine(body, manifest.config_digest)) {
    Result<ChartConfig> read = parse_chart_config(body);
    if (read.ok()) config = std::move(*read);
  }
  config.facts.created_seconds = manifest.created_seconds;
  errand.chart->describe(*errand.version, std::move(config.about));
  conclude(*errand.version, {OciReading::kChart, digest, std::move(config.facts)});
  return Progress::kOn;
}

Fetched<OciSourceReader::Progress> OciSourceReader::pass_over(OciVersion& version, Failed failure) {
  const auto* const error = std::get_if<ScanError>(&failure.outcome);
  const bool stumbled = error != nullptr && error->type == ScanErrorType::kHttpStatus;
  if (!stumbled || ++server_errors_ == kServerErrorsMax) return failure;
  version.asked_in_scan = scan_;
  return Progress::kOn;
}

void OciSourceReader::conclude(OciVersion& version, OciFindings findings) {
  changed_ = changed_ || version.findings != findings;
  version.findings = std::move(findings);
}

}  // namespace lookout::repository
