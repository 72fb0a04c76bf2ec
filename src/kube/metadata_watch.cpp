#include <variant>

#include "lookout/kube/metadata_decoder.hpp"

#include "src/kube/json_splitter.hpp"
#include "src/kube/object_json.hpp"
#include "src/kube/object_protobuf.hpp"
#include "src/kube/status_json.hpp"
#include "src/kube/status_protobuf.hpp"
#include "src/kube/unit_buffer.hpp"

namespace lookout::kube {
namespace {

using Type = WatchEvent::Type;

constexpr std::size_t kFrameHeaderBytes = 4;

std::optional<Type> event_type(std::string_view name) {
  if (name == "ADDED") return Type::kAdded;
  if (name == "MODIFIED") return Type::kModified;
  if (name == "DELETED") return Type::kDeleted;
  if (name == "BOOKMARK") return Type::kBookmark;
  if (name == "ERROR") return Type::kError;
  return std::nullopt;
}

std::size_t big_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

// Both formats end here: what is left to judge, and the sink.
class EventOutlet {
 public:
  explicit EventOutlet(WatchDecoder::EventSink sink) : sink_(std::move(sink)) {}

  Result<void> skip() {
    ++skipped_;
    return {};
  }

  Result<void> emit_status(std::optional<Status> status) {
    if (!status) return skip();
    event_.type = Type::kError;
    event_.status = *std::move(status);
    return sink_(event_);
  }

  // Swaps the object out of `parts`, so that both keep their memory.
  Result<void> emit_object(Type type, ObjectParts& parts) {
    const bool whole = parts.has_metadata && !parts.meta.resource_version.empty();
    if (!whole || (parts.meta.name.empty() && type != Type::kBookmark)) return skip();
    event_.type = type;
    event_.initial_events_end = type == Type::kBookmark && parts.initial_events_end;
    std::swap(event_.object, parts.meta);
    return sink_(event_);
  }

  std::uint64_t skipped() const { return skipped_; }

 private:
  const WatchDecoder::EventSink sink_;
  WatchEvent event_{};
  std::uint64_t skipped_ = 0;
};

class ProtobufWatch {
 public:
  ProtobufWatch(EventOutlet& outlet, const DecoderLimits& limits)
      : outlet_(outlet), limits_(limits) {}

  Result<void> feed(std::string_view bytes) {
    return units_.feed(bytes, [this](std::string_view unit) { return step(unit); });
  }

  Result<void> finish() const {
    if (units_.empty()) return {};
    return Error{ErrorCode::kMalformed, "the watch ended inside an event"};
  }

 private:
  Result<Take> step(std::string_view bytes) {
    if (bytes.size() < kFrameHeaderBytes) return Take{0, kFrameHeaderBytes};
    const std::size_t length = big_endian(bytes.substr(0, kFrameHeaderBytes));
    if (length > limits_.item_bytes_max) {
      return Error{ErrorCode::kTooLarge, "a watch event of " + std::to_string(length) +
                                             " bytes exceeds " +
                                             std::to_string(limits_.item_bytes_max)};
    }
    const std::size_t size = kFrameHeaderBytes + length;
    if (bytes.size() < size) return Take{0, size};
    const Result<void> taken = take_frame(bytes.substr(kFrameHeaderBytes, length));
    if (!taken) return taken.error();
    return Take{size, 0};
  }

  Result<void> take_frame(std::string_view frame) {
    const std::optional<WatchEnvelope> event = read_watch_event(frame);
    if (!event) return Error{ErrorCode::kMalformed, "a watch event is damaged protobuf"};
    const std::optional<Type> type = event_type(event->type);
    const std::optional<Envelope> envelope = read_envelope(event->raw);
    if (!type || !envelope) return outlet_.skip();
    if (*type == Type::kError) {
      if (envelope->type != kStatus) return outlet_.skip();
      return outlet_.emit_status(read_status_protobuf(envelope->raw));
    }
    if (envelope->type != kPartialObject) return outlet_.skip();
    if (Result<void> read = read_object(envelope->raw, parts_); !read) return read;
    return outlet_.emit_object(*type, parts_);
  }

  EventOutlet& outlet_;
  const DecoderLimits limits_;
  UnitBuffer units_;
  ObjectParts parts_;
};

class JsonWatch {
 public:
  JsonWatch(EventOutlet& outlet, const DecoderLimits& limits)
      : outlet_(outlet),
        splitter_(
            JsonSplitter::Shape::kObjects,
            [this](const JsonPart& part) { return take(part.piece); }, limits) {}

  Result<void> feed(std::string_view bytes) { return splitter_.feed(bytes); }
  Result<void> finish() const { return splitter_.finish(); }

 private:
  Result<void> take(const JsonPiece& piece) {
    const auto shape = JsonObjectReader::Shape::kWatchEvent;
    if (Result<void> read = reader_.read(piece, shape, event_); !read) return read;
    const std::optional<Type> type = event_type(event_.event_type);
    if (!type || !event_.has_object) return outlet_.skip();
    if (*type == Type::kError) return outlet_.emit_status(read_error_event_json(piece.text));
    if (event_.type() != kPartialObject) return outlet_.skip();
    return outlet_.emit_object(*type, event_.parts);
  }

  EventOutlet& outlet_;
  JsonObjectReader reader_;
  JsonObject event_;
  JsonSplitter splitter_;
};

}  // namespace

class WatchDecoder::Format {
 public:
  Format(WireFormat format, EventSink sink, const DecoderLimits& limits)
      : outlet_(std::move(sink)) {
    if (format == WireFormat::kProtobuf) {
      watch_.emplace<ProtobufWatch>(outlet_, limits);
    } else {
      watch_.emplace<JsonWatch>(outlet_, limits);
    }
  }

  Result<void> feed(std::string_view bytes) {
    if (auto* protobuf = std::get_if<ProtobufWatch>(&watch_)) return protobuf->feed(bytes);
    return std::get_if<JsonWatch>(&watch_)->feed(bytes);
  }

  Result<void> finish() {
    if (auto* protobuf = std::get_if<ProtobufWatch>(&watch_)) return protobuf->finish();
    return std::get_if<JsonWatch>(&watch_)->finish();
  }

  std::uint64_t skipped() const { return outlet_.skipped(); }

 private:
  EventOutlet outlet_;
  std::variant<std::monostate, ProtobufWatch, JsonWatch> watch_;
};

WatchDecoder::WatchDecoder(WireFormat format, EventSink sink, DecoderLimits limits)
    : format_(std::make_unique<Format>(format, std::move(sink), limits)) {}
WatchDecoder::~WatchDecoder() = default;
WatchDecoder::WatchDecoder(WatchDecoder&&) noexcept = default;

Result<void> WatchDecoder::feed(std::string_view bytes) {
  return format_->feed(bytes);
}
Result<void> WatchDecoder::finish() {
  return format_->finish();
}
std::uint64_t WatchDecoder::skipped_events() const {
  return format_->skipped();
}

}  // namespace lookout::kube
