#include "test/repository/fault_scripts.hpp"

#include <chrono>
#include <future>
#include <sstream>
#include <utility>

namespace lookout::repository {

FaultScript status(int code, const std::string& fields, const std::string& body) {
  return [=](Exchange& exchange) { exchange.answer(code, fields, body); };
}

FaultScript body(const std::string& text, const std::string& fields) {
  return status(200, fields, text);
}

FaultScript s3_error(int code, const std::string& name, const std::string& more,
                     const std::string& fields) {
  return status(code, fields, "<Error><Code>" + name + "</Code>" + more + "</Error>");
}

FaultScript sts_error(int code, const std::string& name) {
  return status(code, "",
                "<ErrorResponse><Error><Code>" + name + "</Code></Error></ErrorResponse>");
}

FaultScript bytes(const std::string& text) {
  return [=](Exchange& exchange) { exchange.send(text); };
}

FaultScript silence(const std::string& text) {
  return [=](Exchange& exchange) {
    exchange.send(text);
    exchange.connection.wait_until_closed();
  };
}

FaultScript endless(const std::string& text, const std::string& piece) {
  return [=](Exchange& exchange) {
    exchange.send(text);
    while (exchange.send(piece)) {
    }
  };
}

FaultScript drip(const std::string& text, const std::string& piece) {
  return [=](Exchange& exchange) {
    exchange.send(text);
    std::promise<void> never;
    const std::future<void> pause = never.get_future();
    while (exchange.send(piece)) pause.wait_for(std::chrono::milliseconds(1));
  };
}

FaultScript reset_after(const std::string& text) {
  return [=](Exchange& exchange) {
    exchange.send(text);
    exchange.connection.reset();
  };
}

FaultScript redirect(int code, const std::string& location) {
  return status(code, "Location: " + location + "\r\n");
}

FaultScript redirect_abroad(int code) {
  return [=](Exchange& exchange) {
    exchange.answer(code, "Location: " + exchange.site.foreign_url() + exchange.target() + "\r\n",
                    "");
  };
}

FaultScript first(std::size_t n, FaultScript script) {
  return [n, script = std::move(script)](Exchange& exchange) {
    exchange.number <= n ? script(exchange) : exchange.site.serve(exchange);
  };
}

FaultScript as_ever() {
  return [](Exchange& exchange) { exchange.site.serve(exchange); };
}

FaultScript certificate(const fakes::CertificateRequest& request, bool client_wanted) {
  return [=](Exchange& exchange) {
    const fakes::CertificateAuthority& authority = exchange.site.authority();
    exchange.connection.start_tls(
        {authority.issue(request), client_wanted ? authority.ca_pem() : ""});
    // Closing on unread bytes would be a reset, which overtakes the alert that says why.
    exchange.connection.wait_until_closed();
  };
}

FaultScript strange_certificate() {
  return [](Exchange& exchange) {
    exchange.connection.start_tls({fakes::CertificateAuthority("stranger").issue(), ""});
    exchange.connection.wait_until_closed();
  };
}

std::string head(const std::string& fields) {
  return "HTTP/1.1 200 OK\r\n" + fields + "\r\n";
}

std::string chunk(const std::string& content) {
  std::ostringstream out;
  out << std::hex << content.size() << "\r\n" << content << "\r\n";
  return out.str();
}

}  // namespace lookout::repository
