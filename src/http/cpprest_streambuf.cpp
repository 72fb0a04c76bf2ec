#include "src/http/cpprest_streambuf.hpp"

namespace lookout::http {
namespace {

std::string_view as_text(const uint8_t* bytes, size_t count) {
  return {reinterpret_cast<const char*>(bytes), count};
}

}  // namespace

SinkStreambuf::SinkStreambuf(std::shared_ptr<Exchange> exchange,
                             pplx::task_completion_event<void> head_taken)
    : streambuf_state_manager(std::ios_base::out),
      exchange_(std::move(exchange)),
      head_taken_(std::move(head_taken)) {}

// What the sink does not want is swallowed until the caller, who learns it from the Exchange, has
// cancelled the transfer. A put that failed would make cpprestsdk close this buffer and wait, on
// the pool's thread, for a task that needs another thread of the pool: two at once, and none is
// left for anybody, for ever.
pplx::task<size_t> SinkStreambuf::_putn(const uint8_t* bytes, size_t count) {
  if (exchange_->head_delivered()) {
    exchange_->deliver_body(as_text(bytes, count));
    return pplx::task_from_result(count);
  }
  return pplx::create_task(head_taken_).then([exchange = exchange_, bytes, count] {
    exchange->deliver_body(as_text(bytes, count));
    return count;
  });
}

pplx::task<SinkStreambuf::int_type> SinkStreambuf::_putc(uint8_t byte) {
  exchange_->deliver_body(as_text(&byte, 1));
  return pplx::task_from_result(static_cast<int_type>(byte));
}

}  // namespace lookout::http
