// The bytes that responses on their way keep in memory; a piece that several share counts once.
// What slow readers hold are snapshots of the past, which nobody else needs any more. Not
// thread-safe: the server's thread.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>

#include "lookout/http/server.hpp"

namespace lookout::http {

class HeldBytes {
 public:
  // Holds a body's pieces until it is gone.
  class Hold {
   public:
    Hold(HeldBytes& held, BodyChain body) : held_(held), body_(std::move(body)) {
      for (const auto& piece : body_.pieces()) held_.add(*piece);
    }
    ~Hold() {
      for (const auto& piece : body_.pieces()) held_.remove(*piece);
    }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    HeldBytes& held_;
    const BodyChain body_;
  };

  std::size_t bytes() const { return bytes_; }

 private:
  void add(const std::string& piece) {
    if (++holders_[&piece] == 1) bytes_ += piece.size();
  }
  void remove(const std::string& piece) {
    const auto found = holders_.find(&piece);
    if (--found->second > 0) return;
    bytes_ -= piece.size();
    holders_.erase(found);
  }

  std::unordered_map<const std::string*, std::size_t> holders_;
  std::size_t bytes_ = 0;
};

}  // namespace lookout::http
