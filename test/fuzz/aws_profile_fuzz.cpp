// Shared configuration of AWS tools is read or refused in one line; a command line in it splits
// into words that hold no more than it does.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/aws/command_line.hpp"
#include "src/aws/profile_file.hpp"

using namespace lookout;

namespace {

void check_message(const Error& error) {
  if (error.code != ErrorCode::kInvalid || error.message.empty()) std::abort();
  if (error.message.size() > 100 || error.message.find('\n') != std::string::npos) std::abort();
}

void check_words(const std::string& text) {
  const auto words = aws::split_command_line(text);
  if (!words.ok()) return check_message(words.error());
  std::size_t bytes = 0;
  for (const std::string& word : *words) bytes += word.size();
  if (bytes > text.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  for (const auto kind : {aws::ProfileFile::kConfig, aws::ProfileFile::kCredentials}) {
    aws::Profiles profiles;
    const auto parsed = aws::parse_profiles(text, kind, profiles);
    if (!parsed.ok()) check_message(parsed.error());
    for (const auto& [name, profile] : profiles) {
      for (const auto& [key, value] : profile) {
        if (key.empty() || value.find('\r') == 0) std::abort();
        check_words(value);
      }
    }
  }
  return 0;
}
