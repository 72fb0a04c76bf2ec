// Result<T>: an expected failure as a value. Failures that a caller must act on
// never travel as exceptions; exceptions of libraries are caught at their doors.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "lookout/base/check.hpp"

namespace lookout {

// Chosen by what the caller does about it, not by where it came from.
enum class ErrorCode {
  kMalformed,     // not in the format it claims: count it and skip it
  kTooLarge,      // exceeds a named limit: count it and skip it
  kNotFound,      // is not there: erase what we knew of it
  kGone,          // that resourceVersion is no longer served: relist
  kUnauthorized,  // 401: reload credentials
  kForbidden,     // 403: wait long
  kThrottled,     // 429, or 503 with Retry-After: obey retry_after
  kUnavailable,   // connect, TLS, time-out, reset, 5xx: back off
  kCancelled,     // our own stop_token: stop quietly
  kInvalid,       // a setting or argument of the user: exit 2, name it
};

// "malformed", "too_large", ... for logs and metric labels.
const char* error_code_name(ErrorCode code);

// `message` is one line for people; it never holds payloads, credentials or
// more than 64 bytes quoted from outside (quote_bounded in text.hpp).
struct Error {
  ErrorCode code = ErrorCode::kUnavailable;
  std::string message;
  std::optional<std::chrono::seconds> retry_after = std::nullopt;

  bool operator==(const Error&) const = default;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok()
  T& value() & {
    LOOKOUT_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    LOOKOUT_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    LOOKOUT_CHECK(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // REQUIRES: !ok()
  const Error& error() const {
    LOOKOUT_CHECK(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }

  // REQUIRES: !ok()
  const Error& error() const {
    LOOKOUT_CHECK(!ok());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace lookout
