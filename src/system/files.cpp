#include "lookout/system/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

#include "lookout/base/text.hpp"

namespace lookout::system {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kPathQuotedBytesMax = 256;

// What was given of those that set_for_libraries() has set; nullopt: nothing.
std::map<std::string, std::optional<std::string>>& given_variables() {
  static std::map<std::string, std::optional<std::string>> given;
  return given;
}

Error file_error(const std::string& path, int error_number) {
  ErrorCode code = ErrorCode::kUnavailable;
  if (error_number == ENOENT || error_number == ENOTDIR) code = ErrorCode::kNotFound;
  if (error_number == EACCES || error_number == EPERM) code = ErrorCode::kForbidden;
  return {code, "read " + quote_bounded(path, kPathQuotedBytesMax) + ": " +
                    std::generic_category().message(error_number)};
}

class OpenFile {
 public:
  // Not blocking: opening a FIFO must not hang the start.
  explicit OpenFile(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

// Bytes read, 0 at the end, -1 with errno.
ssize_t read_some(int descriptor, char* to, std::size_t bytes) {
  for (;;) {
    const ssize_t got = ::read(descriptor, to, bytes);
    if (got >= 0 || errno != EINTR) return got;
  }
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  const OpenFile file(path);
  if (file.descriptor() < 0) return file_error(path, errno);
  std::string content;
  for (;;) {
    const std::size_t size = content.size();
    // One byte past the limit tells "exactly at the limit" from "more".
    const std::size_t wanted = std::min(kReadBytes, bytes_max + 1 - size);
    content.resize(size + wanted);
    const ssize_t got = read_some(file.descriptor(), content.data() + size, wanted);
    if (got < 0) return file_error(path, errno);
    content.resize(size + static_cast<std::size_t>(got));
    if (got == 0) return content;
    if (content.size() > bytes_max) {
      return Error{ErrorCode::kTooLarge, "read " + quote_bounded(path, kPathQuotedBytesMax) +
                                             ": larger than " + std::to_string(bytes_max) +
                                             " bytes"};
    }
  }
}

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  for (const auto& [name, value] : given_variables()) {
    variables.erase(name);
    if (value) variables.emplace(name, *value);
  }
  return variables;
}

void set_for_libraries(const std::string& name, const std::string& value) {
  const char* const given = std::getenv(name.c_str());
  given_variables().try_emplace(
      name, given == nullptr ? std::nullopt : std::optional<std::string>(given));
  ::setenv(name.c_str(), value.c_str(), 1);
}

WatchedFile::WatchedFile(std::string path, Duration period, std::size_t bytes_max)
    : path_(std::move(path)), period_(period), bytes_max_(bytes_max) {}

WatchedFile::Outcome WatchedFile::poll(MonoTime now) {
  if (read_at_ && now - *read_at_ < period_) return Outcome::kUnchanged;
  read_at_ = now;
  Result<std::string> fresh = read_file(path_, bytes_max_);
  if (fresh.ok() && trim(*fresh).empty()) {
    fresh = Error{ErrorCode::kMalformed,
                  "read " + quote_bounded(path_, kPathQuotedBytesMax) + ": empty"};
  }
  if (!fresh.ok()) {
    last_error_ = fresh.error();
    return Outcome::kFailed;
  }
  const bool recovered = std::exchange(last_error_, std::nullopt).has_value();
  if (*fresh == content_ && !recovered) return Outcome::kUnchanged;
  content_ = std::move(fresh).value();
  return Outcome::kChanged;
}

void WatchedFile::expire() { read_at_.reset(); }

}  // namespace lookout::system
