#include "lookout/encoding/protobuf_wire.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace lookout::encoding {
namespace {

using State = ProtobufHeader::State;

std::string operator""_b(const char* text, std::size_t size) {
  return {text, size};
}

std::vector<ProtobufField> fields_of(const ProtobufReader& start) {
  ProtobufReader reader = start;
  std::vector<ProtobufField> fields;
  for (ProtobufField field; reader.next(field);) fields.push_back(field);
  return fields;
}

}  // namespace

TEST_CASE("protobuf header: every wire type") {
  struct Row {
    std::string bytes;
    std::uint32_t number;
    ProtobufType type;
    std::size_t header_bytes;
    std::uint64_t varint;
    std::uint64_t content;
  };
  const auto row = GENERATE(values<Row>({
      {"\x08\x96\x01"_b, 1, ProtobufType::kVarint, 3, 150, 0},
      {"\x12\x05"_b, 2, ProtobufType::kBytes, 2, 0, 5},
      {"\x19"_b, 3, ProtobufType::kFixed64, 1, 0, 8},
      {"\x25"_b, 4, ProtobufType::kFixed32, 1, 0, 4},
      {"\x8a\x01\xff\x01"_b, 17, ProtobufType::kBytes, 4, 0, 255},
      {"\xf8\xff\xff\xff\x0f\x00"_b, (1U << 29) - 1, ProtobufType::kVarint, 6, 0, 0},
      {"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"_b, 1, ProtobufType::kVarint, 11, ~0ULL, 0},
  }));
  const ProtobufHeader header = read_protobuf_header(row.bytes);
  REQUIRE(header.state == State::kWhole);
  CHECK(header.number == row.number);
  CHECK(header.type == row.type);
  CHECK(header.bytes == row.header_bytes);
  CHECK(header.varint == row.varint);
  CHECK(header.content == row.content);
  for (std::size_t cut = 0; cut < row.header_bytes; ++cut) {
    CHECK(read_protobuf_header(std::string_view(row.bytes).substr(0, cut)).state ==
          State::kPartial);
  }
}

TEST_CASE("protobuf header: what is not protobuf") {
  const auto bytes = GENERATE(values<std::string>({
      "\x00"_b,                                              // field 0
      "\x0b"_b,                                              // group start
      "\x0c"_b,                                              // group end
      "\x0e"_b, "\x0f"_b,                                    // wire types 6 and 7
      "\x80\x80\x80\x80\x10\x00"_b,                          // field number 2^29
      "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"_b,      // more than 64 bits
      "\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"_b,  // 11 bytes
      "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"_b,      // tag without end
  }));
  CHECK(read_protobuf_header(bytes).state == State::kBad);
}

TEST_CASE("protobuf reader: fields in order, views in place") {
  const std::string message =
      "\x08\x01\x12\x02hi\x1d\x01\x02\x03\x04\x21\x01\x02\x03\x04\x05\x06\x07\x08"_b;
  const auto fields = fields_of(ProtobufReader(message));
  REQUIRE(fields.size() == 4);
  CHECK(fields[0].varint == 1);
  CHECK(fields[1].bytes == "hi");
  CHECK(fields[1].bytes.data() == message.data() + 4);
  CHECK(fields[2].bytes == "\x01\x02\x03\x04");
  CHECK(fields[3].bytes.size() == 8);
  CHECK(fields[1].is(2, ProtobufType::kBytes));
  CHECK_FALSE(fields[1].is(2, ProtobufType::kVarint));
  CHECK_FALSE(fields[1].is(1, ProtobufType::kBytes));
}

TEST_CASE("protobuf reader: damage ends it for good") {
  const auto message = GENERATE(values<std::string>({
      "\x08\x01\x12\x03hi"_b,                                    // longer than what there is
      "\x08\x01\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"_b,  // a negative length
      "\x08\x01\x1d\x01"_b,                                      // fixed32 cut
      "\x08\x01\x08"_b,                                          // no value
      "\x08\x01\x0b"_b,                                          // a group
  }));
  ProtobufReader reader(message);
  ProtobufField field;
  CHECK(reader.next(field));
  CHECK_FALSE(reader.failed());
  CHECK_FALSE(reader.next(field));
  CHECK(reader.failed());
  CHECK_FALSE(reader.next(field));
}

TEST_CASE("protobuf reader: an empty message is whole") {
  ProtobufReader reader("");
  ProtobufField field;
  CHECK_FALSE(reader.next(field));
  CHECK_FALSE(reader.failed());
}

}  // namespace lookout::encoding
