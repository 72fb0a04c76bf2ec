#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>

#include "test/fakes/fake_api_server.hpp"

namespace lookout::fakes {
namespace {

constexpr std::size_t kObjects = 1'500;
constexpr std::size_t kValueBytes = std::size_t{16} << 10U;  // more than socket buffers hold
constexpr timeval kPatience{30, 0};                          // less than a bookmark's minute

// A client that reads when it is asked to.
class LazyReader {
 public:
  LazyReader(std::uint16_t port, const std::string& request)
      : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0);
    REQUIRE(::send(descriptor_, request.data(), request.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(request.size()));
  }
  ~LazyReader() { ::close(descriptor_); }
  LazyReader(const LazyReader&) = delete;
  LazyReader& operator=(const LazyReader&) = delete;

  // False: it did not come.
  bool read_until(const std::string& wanted) {
    std::array<char, 65'536> bytes{};
    std::string tail;
    for (;;) {
      const ssize_t count = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
      if (count <= 0) return false;
      tail.append(bytes.data(), static_cast<std::size_t>(count));
      if (tail.find(wanted) != std::string::npos) return true;
      if (tail.size() > wanted.size()) tail.erase(0, tail.size() - wanted.size());
    }
  }

 private:
  const int descriptor_;
};

}  // namespace

TEST_CASE("fake API server: a watch that is read late misses nothing") {
  const auto server = FakeApiServer::start();
  REQUIRE(server);
  const std::string version = std::to_string((*server)->store().resource_version());
  LazyReader reader((*server)->port(), "GET /api/v1/secrets?watch=1&resourceVersion=" + version +
                                           " HTTP/1.1\r\nHost: fake\r\n\r\n");
  REQUIRE((*server)->log().wait({Verb::kWatch, ""}, 1, std::chrono::seconds(10)));
  const auto value = std::make_shared<const std::string>(kValueBytes, 'x');
  for (std::size_t i = 0; i < kObjects; ++i) {
    Object object;
    object.ns = "shop";
    object.name = "object-" + std::to_string(i) + "-end";
    object.value = value;
    (*server)->store().put(std::move(object));
  }
  CHECK(reader.read_until("object-" + std::to_string(kObjects - 1) + "-end"));
}

}  // namespace lookout::fakes
