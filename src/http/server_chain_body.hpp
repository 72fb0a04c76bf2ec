// A Beast body over BodyChain: the pieces go to the socket as they lie, a bounded
// number in each write.
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "lookout/http/server.hpp"

#include "src/http/server_beast.hpp"

namespace lookout::http {

struct ChainBody {
  using value_type = BodyChain;

  static std::uint64_t size(const BodyChain& chain) { return chain.size_bytes(); }

  class writer {
   public:
    // Asio passes at most 64 buffers in one sendmsg; the header takes up to four.
    static constexpr std::size_t kPiecesPerWriteMax = 60;
    using const_buffers_type = std::span<const net::const_buffer>;

    template <bool isRequest, class Fields>
    writer(const beast_http::header<isRequest, Fields>&, const BodyChain& chain)
        : rest_(chain.pieces()) {}

    void init(error_code& error) { error = {}; }

    // Views stay valid until the next call, which Beast makes after writing them.
    boost::optional<std::pair<const_buffers_type, bool>> get(error_code& error) {
      error = {};
      if (rest_.empty()) return boost::none;
      const std::size_t count = std::min(rest_.size(), batch_.size());
      for (std::size_t i = 0; i < count; ++i) batch_[i] = net::buffer(*rest_[i]);
      rest_ = rest_.subspan(count);
      return std::make_pair(const_buffers_type(batch_.data(), count), !rest_.empty());
    }

   private:
    std::span<const BodyChain::Piece> rest_;
    std::array<net::const_buffer, kPiecesPerWriteMax> batch_;
  };
};

}  // namespace lookout::http
