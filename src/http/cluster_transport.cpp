#include "lookout/http/cluster_transport.hpp"

#include <utility>

#include "lookout/http/beast_transport.hpp"
#include "lookout/http/cpprest_transport.hpp"

namespace lookout::http {

namespace {

class ClusterTransport final : public Transport {
 public:
  ClusterTransport(std::unique_ptr<Transport> cpprest, std::unique_ptr<Transport> beast)
      : cpprest_(std::move(cpprest)), beast_(std::move(beast)) {}

  Result<void> send(const Request& request, BodySink& sink, std::stop_token stop) override {
    Transport& chosen = request.bulk ? *beast_ : *cpprest_;
    return chosen.send(request, sink, std::move(stop));
  }

 private:
  const std::unique_ptr<Transport> cpprest_;
  const std::unique_ptr<Transport> beast_;
};

}  // namespace

Result<std::unique_ptr<Transport>> create_cluster_transport(TransportOptions options) {
  auto beast = create_beast_transport(options);
  if (!beast || !cpprest_supports(options)) return beast;
  auto cpprest = create_cpprest_transport(std::move(options));
  if (!cpprest) return cpprest;
  return std::unique_ptr<Transport>(new ClusterTransport(std::move(*cpprest), std::move(*beast)));
}

}  // namespace lookout::http
