// The write end of a response body: bytes go straight into the Exchange on
// cpprestsdk's own thread. Its default body is a buffer without bounds; here the next
// read of the socket starts only when the sink has taken the piece before.
#pragma once

#include <cpprest/astreambuf.h>

#include <memory>

#include "src/http/cpprest_exchange.hpp"

namespace lookout::http {

class SinkStreambuf final : public concurrency::streams::details::streambuf_state_manager<uint8_t> {
 public:
  // `head_taken` is set once the head went into the sink: cpprestsdk reads on while
  // the continuation that brings the head is still queued, so a first piece may
  // have to wait for it.
  SinkStreambuf(std::shared_ptr<Exchange> exchange, pplx::task_completion_event<void> head_taken);

  bool can_seek() const override { return false; }
  bool has_size() const override { return false; }
  size_t buffer_size(std::ios_base::openmode) const override { return 0; }
  void set_buffer_size(size_t, std::ios_base::openmode) override {}
  size_t in_avail() const override { return 0; }
  pos_type getpos(std::ios_base::openmode) const override { return traits::eof(); }
  pos_type seekpos(pos_type, std::ios_base::openmode) override { return traits::eof(); }
  pos_type seekoff(off_type, std::ios_base::seekdir, std::ios_base::openmode) override {
    return traits::eof();
  }
  bool acquire(uint8_t*&, size_t&) override { return false; }
  void release(uint8_t*, size_t) override {}

 protected:
  pplx::task<size_t> _putn(const uint8_t* bytes, size_t count) override;
  pplx::task<int_type> _putc(uint8_t byte) override;
  pplx::task<bool> _sync() override { return pplx::task_from_result(true); }
  uint8_t* _alloc(size_t) override { return nullptr; }
  void _commit(size_t) override {}

  // Opened for writing only.
  pplx::task<int_type> _bumpc() override { return end_of_input(); }
  int_type _sbumpc() override { return traits::eof(); }
  pplx::task<int_type> _getc() override { return end_of_input(); }
  int_type _sgetc() override { return traits::eof(); }
  pplx::task<int_type> _nextc() override { return end_of_input(); }
  pplx::task<int_type> _ungetc() override { return end_of_input(); }
  pplx::task<size_t> _getn(uint8_t*, size_t) override { return pplx::task_from_result(size_t{0}); }
  size_t _scopy(uint8_t*, size_t) override { return 0; }

 private:
  static pplx::task<int_type> end_of_input() { return pplx::task_from_result(traits::eof()); }

  const std::shared_ptr<Exchange> exchange_;
  const pplx::task_completion_event<void> head_taken_;
};

}  // namespace lookout::http
