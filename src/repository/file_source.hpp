// An index.yaml in the file system: tests and air-gapped mirrors.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/repository/scan.hpp"

namespace lookout::repository {

// Reads while it parses; unchanged as long as the file's identity, time and size are.
class FileSourceReader {
 public:
  // REQUIRES: settings.source is an HttpSource with a file_path. Both outlive this.
  FileSourceReader(const RepositorySettings& settings, const ScanContext& context);

  ScanOutcome scan(std::stop_token stop, MonoTime deadline);

 private:
  struct Version {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t modified_ns = 0;
    std::int64_t size = 0;

    bool operator==(const Version&) const = default;
  };
  class OpenFile;

  ScanError failure(int error_number) const;
  ScanOutcome read(const OpenFile& file, const Version& version, const std::stop_token& stop);

  const std::string path_;
  const std::string shown_;
  std::optional<Version> read_version_;
};

}  // namespace lookout::repository
