#include "src/http/cpprest_streambuf.hpp"

#include <stdexcept>

namespace lookout::http {
namespace {

// The text is never seen: the Exchange already holds what send() returns.
std::runtime_error transfer_ended() {
  return std::runtime_error("transfer ended by the sink");
}

std::string_view as_text(const uint8_t* bytes, size_t count) {
  return {reinterpret_cast<const char*>(bytes), count};
}

}  // namespace

SinkStreambuf::SinkStreambuf(std::shared_ptr<Exchange> exchange,
                             pplx::task_completion_event<void> head_taken)
    : streambuf_state_manager(std::ios_base::out),
      exchange_(std::move(exchange)),
      head_taken_(std::move(head_taken)) {}

pplx::task<size_t> SinkStreambuf::_putn(const uint8_t* bytes, size_t count) {
  if (exchange_->head_delivered()) {
    if (exchange_->deliver_body(as_text(bytes, count))) return pplx::task_from_result(count);
    return pplx::task_from_exception<size_t>(transfer_ended());
  }
  return pplx::create_task(head_taken_).then([exchange = exchange_, bytes, count] {
    if (!exchange->deliver_body(as_text(bytes, count))) throw transfer_ended();
    return count;
  });
}

pplx::task<SinkStreambuf::int_type> SinkStreambuf::_putc(uint8_t byte) {
  if (!exchange_->deliver_body(as_text(&byte, 1))) {
    return pplx::task_from_exception<int_type>(transfer_ended());
  }
  return pplx::task_from_result(static_cast<int_type>(byte));
}

}  // namespace lookout::http
