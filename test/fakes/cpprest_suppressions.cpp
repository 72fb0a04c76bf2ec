// Everything that is suppressed under a sanitizer, one by one with its reason; nothing is in
// the code, in options or in the environment. All of it is about Debian's cpprestsdk 2.10.18,
// which is not built with sanitizers; each test program that links it gets this file.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions();

extern "C" const char* __lsan_default_suppressions() {
  // ssl_proxy_tunnel::start_proxy_connect loses 32 bytes a CONNECT. Its frames have no names for
  // the fast unwinder, so the library is all one can say.
  return "leak:libcpprest.so\n";
}

extern "C" const char* __tsan_default_suppressions() {
  // A cancelled request is freed by its last owner, on another thread than the one that cancelled
  // it; the reference count that orders the two is in code that TSan does not see.
  return "race:web::http::client::details::asio_context\n"
         // The same, seen from the one that cancels.
         "race:pplx::details::_CancellationTokenState::_Cancel\n";
}
