#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "lookout/repository/scan.hpp"

#include "src/repository/file_source.hpp"
#include "src/repository/http_source.hpp"
#include "src/repository/oci_source.hpp"
#include "src/repository/s3_source.hpp"
#include "src/repository/scan_deadline.hpp"
#include "src/repository/source.hpp"

namespace lookout::repository {
namespace {

using Source = std::variant<FileSourceReader, HttpSourceReader, S3SourceReader, OciSourceReader>;

static_assert(RepositorySource<FileSourceReader> && RepositorySource<HttpSourceReader> &&
              RepositorySource<S3SourceReader> && RepositorySource<OciSourceReader>);

Source make_source(const RepositorySettings& settings, const ScanContext& context) {
  if (std::holds_alternative<S3Source>(settings.source)) {
    return Source(std::in_place_type<S3SourceReader>, settings, context);
  }
  if (std::holds_alternative<OciSource>(settings.source)) {
    return Source(std::in_place_type<OciSourceReader>, settings, context);
  }
  if (!std::get<HttpSource>(settings.source).file_path.empty()) {
    return Source(std::in_place_type<FileSourceReader>, settings, context);
  }
  return Source(std::in_place_type<HttpSourceReader>, settings, context);
}

// "30s", "250ms"
std::string duration_text(std::chrono::milliseconds duration) {
  const bool whole = duration.count() % 1'000 == 0;
  return whole ? std::to_string(duration.count() / 1'000) + "s"
               : std::to_string(duration.count()) + "ms";
}

ScanError timed_out(const RepositorySettings& settings) {
  return {
      .type = ScanErrorType::kTimeout,
      .message = display_url(settings) + ": not finished within " + duration_text(settings.timeout),
      .retry_after = std::nullopt};
}

}  // namespace

struct Scanner::State {
  State(RepositorySettings described, const ScanContext& shared)
      : settings(std::move(described)), context(shared), source(make_source(settings, context)) {}

  const RepositorySettings settings;
  const ScanContext context;
  Source source;
};

Scanner::Scanner(RepositorySettings settings, const ScanContext& context)
    : state_(std::make_unique<State>(std::move(settings), context)) {}

Scanner::~Scanner() = default;

ScanOutcome Scanner::scan(std::stop_token stop) {
  const ScanDeadline deadline(state_->context.clock, state_->settings.timeout, stop);
  ScanOutcome outcome = std::visit(
      [&](auto& source) { return source.scan(deadline.token(), deadline.time()); }, state_->source);
  const bool in_vain = std::holds_alternative<Cancelled>(outcome);
  if (in_vain && !stop.stop_requested()) return timed_out(state_->settings);
  return outcome;
}

const RepositorySettings& Scanner::settings() const {
  return state_->settings;
}

}  // namespace lookout::repository
