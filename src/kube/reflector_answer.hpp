// One answer of the API server on its way from the transport into a reflector: bytes
// → content coding → list page or watch events.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <variant>

#include "lookout/http/transport.hpp"
#include "lookout/kube/content_decoder.hpp"
#include "lookout/kube/metadata_decoder.hpp"

#include "src/kube/list_request.hpp"

namespace lookout::kube {

// Who is told what an answer holds; each is called on the transport's thread.
struct AnswerListener {
  std::function<void()> started;  // a 2xx head that promises what we asked for
  std::function<void(std::string_view)> bytes;
  std::function<void(const helm::SecretMeta&)> item;           // kList, kProbe
  std::function<Result<void>(const WatchEvent&)> watch_event;  // kWatch, kWatchList
};

// Not thread-safe; lives for one request.
class ReflectorAnswer final : public http::BodySink {
 public:
  ReflectorAnswer(ListQuery::Kind kind, AnswerListener listener)
      : kind_(kind), listener_(std::move(listener)) {}

  Result<void> on_head(const http::ResponseHead& head) override;
  Result<void> on_body(std::string_view bytes) override;

  // REQUIRES: the transport delivered the whole answer. A watch has an empty ListEnd.
  // kMalformed when the answer stopped inside something.
  Result<ListEnd> finish();
  std::uint64_t skipped_events() const;

 private:
  Result<void> feed(std::string_view bytes);

  const ListQuery::Kind kind_;
  const AnswerListener listener_;
  std::optional<ContentDecoder> content_;
  std::variant<std::monostate, MetadataListDecoder, WatchDecoder> decoder_;
};

}  // namespace lookout::kube
