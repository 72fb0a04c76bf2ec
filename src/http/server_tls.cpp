#include "src/http/server_tls.hpp"

#include <utility>

#include "lookout/base/log.hpp"
#include "lookout/system/files.hpp"

namespace lookout::http {
namespace {

Result<void> read_into(PemFile& file) {
  if (file.path.empty()) return {};
  auto text = system::read_file(file.path, kPemFileBytesMax);
  if (!text) return text.error();
  file.text = *std::move(text);
  return {};
}

Result<PemFiles> read(const ServerTls& paths) {
  PemFiles files{
      {paths.certificate_file, ""}, {paths.private_key_file, ""}, {paths.client_ca_file, ""}};
  for (PemFile* file : {&files.certificate, &files.private_key, &files.client_ca}) {
    if (auto done = read_into(*file); !done) return done.error();
  }
  return files;
}

}  // namespace

Result<std::unique_ptr<ServerIdentity>> ServerIdentity::create(const ServerTls& paths,
                                                               ServerStats& stats) {
  std::unique_ptr<ServerIdentity> identity(new ServerIdentity(paths, stats));
  if (auto loaded = identity->load(); !loaded) {
    return Error{loaded.error().code, "tls: " + loaded.error().message};
  }
  return identity;
}

ServerIdentity::ServerIdentity(const ServerTls& paths, ServerStats& stats)
    : paths_(paths), stats_(stats) {}

void ServerIdentity::follow() {
  if (auto loaded = load(); !loaded) keep_old(loaded.error());
}

Result<void> ServerIdentity::load() {
  auto files = read(paths_);
  if (!files) {
    tried_.reset();
    return files.error();
  }
  if (tried_ == *files) return {};
  tried_ = *std::move(files);
  auto made = create_server_context(*tried_);
  if (!made) {
    // What is not the files' fault may pass: the same bytes are tried again.
    if (made.error().code != ErrorCode::kInvalid) tried_.reset();
    return made.error();
  }
  const bool first = context_.handshakes == nullptr;
  context_ = *std::move(made);
  stats_.tls_certificate_expiry.set(static_cast<double>(context_.not_after));
  stats_.tls_reload_success.set(1);
  logged_.clear();
  if (!first) log::info("tls files reloaded", {{"certificate", paths_.certificate_file}});
  return {};
}

void ServerIdentity::keep_old(const Error& error) {
  stats_.tls_reload_success.set(0);
  if (error.message == logged_) return;
  log::error("tls files are unusable, keeping the old ones", {{"error", error}});
  logged_ = error.message;
}

std::optional<ClientCertificate> ServerIdentity::client(SSL* session) const {
  return verified_client(session, context_.handshakes->native_handle());
}

}  // namespace lookout::http
