#include "src/repository/file_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "lookout/base/text.hpp"

#include "src/repository/http_source.hpp"
#include "src/repository/scan_failure.hpp"

namespace lookout::repository {
namespace {

std::string index_path(const RepositorySettings& settings) {
  http::Url url;
  url.path = std::get<HttpSource>(settings.source).file_path;
  return index_url(url).path;
}

ScanErrorType type_of(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
    case EISDIR: return ScanErrorType::kNotFound;
    case EACCES:
    case EPERM: return ScanErrorType::kForbidden;
    default: return ScanErrorType::kConnect;
  }
}

}  // namespace

class FileSourceReader::OpenFile {
 public:
  // Not blocking: nobody may ever open the other end of a FIFO.
  explicit OpenFile(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  bool opened() const { return descriptor_ >= 0; }

  // nullopt with errno; EISDIR for all that is no regular file.
  std::optional<Version> version() const {
    struct stat found {};
    if (::fstat(descriptor_, &found) != 0) return std::nullopt;
    if (!S_ISREG(found.st_mode)) {
      errno = EISDIR;
      return std::nullopt;
    }
    constexpr std::int64_t kNanoseconds = 1'000'000'000;
    return Version{found.st_dev, found.st_ino,
                   found.st_mtim.tv_sec * kNanoseconds + found.st_mtim.tv_nsec, found.st_size};
  }

  Result<std::size_t> read(std::span<char> out) const {
    for (;;) {
      const ssize_t got = ::read(descriptor_, out.data(), out.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) {
        return Error{ErrorCode::kUnavailable, std::generic_category().message(errno)};
      }
    }
  }

 private:
  const int descriptor_;
};

FileSourceReader::FileSourceReader(const RepositorySettings& settings, const ScanContext&)
    : path_(index_path(settings)), shown_("file://" + path_) {}

ScanOutcome FileSourceReader::scan(std::stop_token stop, MonoTime) {
  const OpenFile file(path_);
  if (!file.opened()) return failure(errno);
  const std::optional<Version> version = file.version();
  if (!version) return failure(errno);
  if (version == read_version_) return Unchanged{};
  return read(file, *version, stop);
}

ScanError FileSourceReader::failure(int error_number) const {
  return {.type = type_of(error_number),
          .message = shown_ + ": " + std::generic_category().message(error_number),
          .retry_after = std::nullopt};
}

ScanOutcome FileSourceReader::read(const OpenFile& file, const Version& version,
                                   const std::stop_token& stop) {
  std::uint64_t bytes = 0;
  helm::IndexOutcome outcome =
      helm::read_chart_index([&](std::span<char> out) -> Result<std::size_t> {
        if (stop.stop_requested()) return Error{ErrorCode::kCancelled, "cancelled"};
        Result<std::size_t> got = file.read(out);
        if (got.ok()) bytes += *got;
        return got;
      });
  if (const auto* const failed = std::get_if<helm::IndexFailure>(&outcome)) {
    return index_failure(*failed, shown_);
  }
  // Rewritten while it was read: what came may be half of each.
  if (file.version() == version) read_version_ = version;
  return ScanData{std::move(std::get<helm::ChartIndex>(outcome)), bytes};
}

}  // namespace lookout::repository
