#include "src/kube/reflector_answer.hpp"

#include "lookout/base/check.hpp"

namespace lookout::kube {
namespace {

bool is_watch(ListQuery::Kind kind) {
  return kind == ListQuery::Kind::kWatch || kind == ListQuery::Kind::kWatchList;
}

}  // namespace

Result<void> ReflectorAnswer::on_head(const http::ResponseHead& head) {
  const Result<WireFormat> format = wire_format(head.media_type());
  if (!format) return format.error();
  const std::string* coding = head.headers.find("Content-Encoding");
  Result<ContentDecoder> content = ContentDecoder::create(
      coding == nullptr ? "" : *coding, [this](std::string_view bytes) { return feed(bytes); });
  if (!content) return content.error();
  content_.emplace(std::move(content).value());
  if (is_watch(kind_)) {
    decoder_.emplace<WatchDecoder>(*format, listener_.watch_event);
  } else {
    decoder_.emplace<MetadataListDecoder>(*format, listener_.item);
  }
  listener_.started();
  return {};
}

Result<void> ReflectorAnswer::on_body(std::string_view bytes) {
  listener_.bytes(bytes);
  LOOKOUT_CHECK(content_.has_value());
  return content_->feed(bytes);
}

Result<void> ReflectorAnswer::feed(std::string_view bytes) {
  if (auto* list = std::get_if<MetadataListDecoder>(&decoder_)) return list->feed(bytes);
  auto* watch = std::get_if<WatchDecoder>(&decoder_);
  LOOKOUT_CHECK(watch != nullptr);
  return watch->feed(bytes);
}

Result<ListEnd> ReflectorAnswer::finish() {
  LOOKOUT_CHECK(content_.has_value());
  const Result<void> whole = content_->finish();
  if (!whole) return whole.error();
  if (auto* list = std::get_if<MetadataListDecoder>(&decoder_)) return list->finish();
  auto* watch = std::get_if<WatchDecoder>(&decoder_);
  LOOKOUT_CHECK(watch != nullptr);
  const Result<void> ended = watch->finish();
  if (!ended) return ended.error();
  return ListEnd{};
}

std::uint64_t ReflectorAnswer::skipped_events() const {
  const auto* watch = std::get_if<WatchDecoder>(&decoder_);
  return watch == nullptr ? 0 : watch->skipped_events();
}

}  // namespace lookout::kube
