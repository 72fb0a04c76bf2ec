#include "src/cli/repository_scans.hpp"

#include <memory>
#include <utility>

#include "lookout/http/beast_transport.hpp"
#include "lookout/system/files.hpp"

namespace lookout::cli {
namespace {

Result<std::unique_ptr<http::Transport>> create_transport(http::TransportOptions options) {
  return http::create_beast_transport(std::move(options));
}

controllers::RepositoryScanner::CreateScan scans_with(const repository::ScanContext& context) {
  return [&context](const repository::RepositorySettings& settings) {
    const auto scanner = std::make_shared<repository::Scanner>(settings, context);
    return [scanner](std::stop_token stop) { return scanner->scan(std::move(stop)); };
  };
}

}  // namespace

RepositoryScans::RepositoryScans(const Clock& clock)
    : context_{create_transport, clock, system::environment(), stats_},
      scanner_(cache_, clock, scans_with(context_)) {}

void RepositoryScans::apply(const Settings& settings) {
  scanner_.set_repositories(settings.repositories);
}

void RepositoryScans::stop() {
  scanner_.stop();
}

}  // namespace lookout::cli
