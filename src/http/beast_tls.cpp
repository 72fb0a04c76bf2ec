#include "src/http/beast_tls.hpp"

#include "lookout/base/text.hpp"

namespace lookout::http {

namespace ssl = boost::asio::ssl;

Result<std::shared_ptr<TlsPeer>> TlsPeer::create(const TlsOptions& options,
                                                 const std::string& host) {
  const std::string& expected = options.server_name.empty() ? host : options.server_name;
  auto material = TlsMaterial::create(options, expected);
  if (!material) return material.error();
  try {
    return std::shared_ptr<TlsPeer>(new TlsPeer(std::move(*material), options));
  } catch (const std::exception& error) {
    return Error{ErrorCode::kInvalid, "tls: " + quote_bounded(error.what())};
  }
}

TlsPeer::TlsPeer(std::shared_ptr<TlsMaterial> material, const TlsOptions& options)
    : material_(std::move(material)), context_(ssl::context::tls_client) {
  context_.set_verify_mode(options.insecure_skip_verify ? ssl::verify_none : ssl::verify_peer);
  material_->apply(context_.native_handle());
}

}  // namespace lookout::http
