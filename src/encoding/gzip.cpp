#include "lookout/encoding/gzip.hpp"

#include <string.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "lookout/base/check.hpp"

#include "src/encoding/gzip_header.hpp"

namespace lookout::encoding {
namespace {

// RFC 1952: deflate without zlib's own header; gzip's is read here, because zlib refuses
// reserved flags that Go lets pass.
constexpr int kRawWindowBits = -15;
constexpr std::size_t kTrailerBytes = 8;

const Bytef* bytes_of(std::string_view text) {
  return reinterpret_cast<const Bytef*>(text.data());
}

uInt piece_size(std::size_t bytes) {
  return static_cast<uInt>(std::min<std::size_t>(bytes, std::numeric_limits<uInt>::max()));
}

std::uint32_t crc_of(std::uint32_t crc, std::string_view text) {
  return static_cast<std::uint32_t>(::crc32_z(crc, bytes_of(text), text.size()));
}

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) {
    value = (value << 8) | static_cast<unsigned char>(bytes[i - 1]);
  }
  return value;
}

void append_little_endian(std::string& out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) {
    out += static_cast<char>(value & 0xffU);
    value >>= 8;
  }
}

Error malformed(const char* what) {
  return {ErrorCode::kMalformed, std::string("not gzip: ") + what};
}

// zlib's memory, so that its 32 KiB window of text can be wiped.
struct Arena {
  struct Block {
    void* start = nullptr;
    std::size_t bytes = 0;
  };
  std::array<Block, 4> blocks;

  static voidpf allocate(voidpf arena, uInt items, uInt size) {
    for (Block& block : static_cast<Arena*>(arena)->blocks) {
      if (block.start != nullptr) continue;
      block.bytes = std::size_t{items} * size;
      block.start = ::operator new(block.bytes, std::nothrow);
      return block.start;
    }
    return Z_NULL;
  }
  static void release(voidpf arena, voidpf start) {
    for (Block& block : static_cast<Arena*>(arena)->blocks) {
      if (block.start != start) continue;
      ::explicit_bzero(block.start, block.bytes);
      ::operator delete(block.start);
      block = {};
    }
  }
  void wipe_window() {
    constexpr std::size_t kWindowBytes = 32'768;
    for (const Block& block : blocks) {
      if (block.bytes >= kWindowBytes) ::explicit_bzero(block.start, block.bytes);
    }
  }
};

}  // namespace

struct Gunzip::State {
  enum class Phase { kHeader, kBlocks, kTrailer, kFailed };

  State() {
    inflater.zalloc = &Arena::allocate;
    inflater.zfree = &Arena::release;
    inflater.opaque = &arena;
    LOOKOUT_CHECK(::inflateInit2(&inflater, kRawWindowBits) == Z_OK);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { ::inflateEnd(&inflater); }

  void start_member() {
    phase = Phase::kHeader;
    header = GzipHeader();
    crc = 0;
    bytes = 0;
    trailer.clear();
    LOOKOUT_CHECK(::inflateReset(&inflater) == Z_OK);
  }

  // Each takes from the front of `in`; nullptr or what is wrong.
  const char* read_header(std::string_view& in);
  const char* read_blocks(std::string_view& in, std::span<char> out, Step& step);
  const char* read_trailer(std::string_view& in, Step& step);

  Arena arena;
  z_stream inflater{};
  Phase phase = Phase::kHeader;
  GzipHeader header;
  std::string trailer;
  std::uint32_t crc = 0;    // of the header, then of the text
  std::uint32_t bytes = 0;  // modulo 2^32, as in the trailer
  bool any_member = false;
};

const char* Gunzip::State::read_header(std::string_view& in) {
  while (!in.empty()) {
    const GzipHeader::Progress progress = header.take(in.front(), crc);
    if (progress == GzipHeader::Progress::kBad) return "header";
    crc = crc_of(crc, in.substr(0, 1));
    in.remove_prefix(1);
    if (progress == GzipHeader::Progress::kMore) continue;
    crc = 0;
    phase = Phase::kBlocks;
    break;
  }
  return nullptr;
}

const char* Gunzip::State::read_blocks(std::string_view& in, std::span<char> out, Step& step) {
  const std::span<char> room = out.subspan(step.produced);
  // zlib takes no pointer to const unless ZLIB_CONST is defined for all its users.
  inflater.next_in = const_cast<Bytef*>(bytes_of(in));
  inflater.avail_in = piece_size(in.size());
  inflater.next_out = reinterpret_cast<Bytef*>(room.data());
  inflater.avail_out = piece_size(room.size());
  const uInt in_before = inflater.avail_in;
  const uInt out_before = inflater.avail_out;
  const int status = ::inflate(&inflater, Z_NO_FLUSH);
  in.remove_prefix(in_before - inflater.avail_in);
  const std::size_t produced = out_before - inflater.avail_out;
  crc = crc_of(crc, {room.data(), produced});
  bytes += static_cast<std::uint32_t>(produced);
  step.produced += produced;
  if (status == Z_STREAM_END) phase = Phase::kTrailer;
  if (status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR) return nullptr;
  return "deflate data";
}

const char* Gunzip::State::read_trailer(std::string_view& in, Step& step) {
  const std::string_view part = in.substr(0, kTrailerBytes - trailer.size());
  trailer += part;
  in.remove_prefix(part.size());
  if (trailer.size() < kTrailerBytes) return nullptr;
  const std::string_view sums = trailer;
  if (little_endian(sums.substr(0, 4)) != crc) return "CRC";
  if (little_endian(sums.substr(4)) != bytes) return "size";
  start_member();
  any_member = true;
  step.member_ended = true;
  return nullptr;
}

Gunzip::Gunzip() : state_(std::make_unique<State>()) {}
Gunzip::~Gunzip() = default;
Gunzip::Gunzip(Gunzip&&) noexcept = default;

void Gunzip::reset() {
  state_->start_member();
  state_->any_member = false;
  state_->arena.wipe_window();
}

Result<Gunzip::Step> Gunzip::step(std::string_view in, std::span<char> out) {
  using Phase = State::Phase;
  Step step;
  const std::size_t in_size = in.size();
  const char* wrong = state_->phase == Phase::kFailed ? "damaged before" : nullptr;
  if (state_->phase == Phase::kHeader) wrong = state_->read_header(in);
  if (wrong == nullptr && state_->phase == Phase::kBlocks) {
    wrong = state_->read_blocks(in, out, step);
  }
  if (wrong == nullptr && state_->phase == Phase::kTrailer) wrong = state_->read_trailer(in, step);
  if (wrong != nullptr) {
    const bool told = state_->phase == Phase::kFailed;
    state_->phase = Phase::kFailed;
    // What came out before the damage is delivered first; the next step fails.
    if (step.produced == 0 || told) return malformed(wrong);
  }
  step.consumed = in_size - in.size();
  return step;
}

bool Gunzip::at_boundary() const {
  return state_->any_member && state_->phase == State::Phase::kHeader && !state_->header.started();
}

namespace {

// One deflate stream, kept for its 256 KiB of tables.
class Deflater {
 public:
  Deflater(int level, int window_bits) {
    constexpr int kMemLevel = 8;  // zlib's default
    LOOKOUT_CHECK(::deflateInit2(&stream_, level, Z_DEFLATED, window_bits, kMemLevel,
                                 Z_DEFAULT_STRATEGY) == Z_OK);
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { ::deflateEnd(&stream_); }

  std::string run(std::string_view text, int last_flush) {
    LOOKOUT_CHECK(::deflateReset(&stream_) == Z_OK);
    constexpr std::size_t kFlushBytesMax = 32;
    std::string out(::deflateBound(&stream_, text.size()) + kFlushBytesMax, '\0');
    std::size_t size = 0;
    for (int status = Z_OK; status == Z_OK;) {
      stream_.next_in = const_cast<Bytef*>(bytes_of(text));
      stream_.avail_in = piece_size(text.size());
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + size);
      stream_.avail_out = piece_size(out.size() - size);
      const uInt room = stream_.avail_out;
      const uInt piece = stream_.avail_in;
      const int flush = piece == text.size() ? last_flush : Z_NO_FLUSH;
      status = ::deflate(&stream_, flush);
      text.remove_prefix(piece - stream_.avail_in);
      size += room - stream_.avail_out;
      if (flush == Z_FULL_FLUSH && stream_.avail_out != 0) break;
    }
    LOOKOUT_CHECK(text.empty());
    out.resize(size);
    return out;
  }

 private:
  z_stream stream_{};
};

}  // namespace

DeflatedBlock deflate_block(std::string_view text) {
  thread_local Deflater deflater(1, kRawWindowBits);
  return {deflater.run(text, Z_FULL_FLUSH), crc_of(0, text), text.size()};
}

GzipSum append(GzipSum sum, const DeflatedBlock& block) {
  const auto size = static_cast<z_off_t>(block.text_bytes);
  return {static_cast<std::uint32_t>(::crc32_combine(sum.crc, block.crc, size)),
          sum.bytes + block.text_bytes};
}

std::string gzip_trailer(GzipSum sum) {
  std::string trailer("\x03\x00", 2);
  append_little_endian(trailer, sum.crc);
  append_little_endian(trailer, static_cast<std::uint32_t>(sum.bytes & 0xffffffffU));
  return trailer;
}

std::string gzip(std::string_view text, int level) {
  Deflater deflater(level, kRawWindowBits);
  std::string member(kGzipHeader);
  member += deflater.run(text, Z_FINISH);
  append_little_endian(member, crc_of(0, text));
  append_little_endian(member, static_cast<std::uint32_t>(text.size() & 0xffffffffU));
  return member;
}

}  // namespace lookout::encoding
