// What the sanitizers say about Debian's cpprestsdk 2.10.18, which is not built with
// them. For every test program that links it.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions();

// It loses 32 bytes a CONNECT (ssl_proxy_tunnel::start_proxy_connect). Its frames have
// no names for the fast unwinder, so the library is all one can say.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libcpprest.so";
}

// A cancelled request is freed by the last owner, on another thread than the one that
// cancelled it; the reference count that orders the two is in code TSan does not see.
extern "C" const char* __tsan_default_suppressions() {
  return "race:web::http::client::details::asio_context\n"
         "race:pplx::details::_CancellationTokenState::_Cancel\n";
}
