// Objects made of the input, encoded as protobuf and as JSON the way an API server does it: both
// decoders see the same, whatever the pieces. Lists, watch events and payloads.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/check.hpp"
#include "lookout/kube/payload_decoder.hpp"

#include "test/fuzz/feed_plan.hpp"
#include "test/fuzz/input_reader.hpp"
#include "test/kube/wire_builder.hpp"

using namespace lookout;
using namespace lookout::kube;

namespace {

constexpr std::size_t kObjectsMax = 8;
constexpr std::size_t kLabelsMax = 6;

// Bytes as characters of one, two and three bytes of UTF-8: JSON cannot carry anything else.
std::string characters(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else if (byte < 0xc0) {
      out += {'\xc3', static_cast<char>(0x80 | (byte & 0x3f))};
    } else {
      out += {'\xe4', static_cast<char>(0x80 | (byte & 0x3f)), '\xbd'};
    }
  }
  return out;
}

wire::Object read_object(InputReader& input) {
  wire::Object object;
  helm::SecretMeta& meta = object.meta;
  meta.name = characters(input.text()) + "n";
  meta.ns = characters(input.text());
  meta.uid = characters(input.text());
  meta.resource_version = std::to_string(input.byte());
  meta.created_seconds = input.byte() * std::int64_t{16'000'000};
  for (std::size_t i = input.byte() % kLabelsMax; i > 0; --i) {
    std::string key = characters(input.text());
    meta.labels.emplace_back(std::move(key), characters(input.text()));
  }
  if (input.byte() % 2 == 1) object.release = characters(input.text());
  if (input.byte() % 2 == 1) object.annotations = {{"note", characters(input.text())}};
  return object;
}

void log_payload(std::string& log, const PayloadObject& object) {
  log_meta(log, object.meta);
  log += object.release ? "=" + std::string(*object.release) : "-";
}

template <class Decoder>
std::string decoded(Decoder decoder, const std::string& answer, std::size_t piece_bytes,
                    const std::string& log) {
  LOOKOUT_CHECK(feed_all(decoder, answer, piece_bytes));
  return log;
}

std::string list_log(WireFormat format, const std::vector<wire::Object>& objects,
                     std::size_t piece_bytes) {
  std::string log;
  return decoded(
      MetadataListDecoder(format, [&](const helm::SecretMeta& meta) { log_meta(log, meta); }),
      wire::metadata_list(format, objects, {"7", ""}), piece_bytes, log);
}

std::string payload_log(WireFormat format, const std::vector<wire::Object>& objects,
                        std::size_t piece_bytes) {
  std::string log;
  return decoded(PayloadDecoder(format, PayloadDecoder::Shape::kList, StorageDriver::kSecret,
                                [&](const PayloadObject& object) { log_payload(log, object); }),
                 wire::payload_list(format, "SecretList", objects), piece_bytes, log);
}

std::string watch_log(WireFormat format, const std::vector<wire::Object>& objects,
                      std::size_t piece_bytes) {
  std::string log;
  std::string answer;
  for (const wire::Object& object : objects) {
    answer += wire::watch_event(format, "MODIFIED", object);
  }
  return decoded(WatchDecoder(format,
                              [&](const WatchEvent& event) {
                                log_meta(log, event.object);
                                return Result<void>();
                              }),
                 answer, piece_bytes, log);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  InputReader input(bytes, size);
  const std::size_t piece_bytes = input.byte() + std::size_t{1};
  std::vector<wire::Object> objects;
  while (!input.empty() && objects.size() < kObjectsMax) objects.push_back(read_object(input));
  for (const auto log : {list_log, payload_log, watch_log}) {
    LOOKOUT_CHECK(log(WireFormat::kProtobuf, objects, piece_bytes) ==
                  log(WireFormat::kJson, objects, piece_bytes));
  }
  return 0;
}
