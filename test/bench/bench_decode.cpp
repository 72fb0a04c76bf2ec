// bench_decode stop|verify FILE SECONDS: decodes one payload (base64 of gzip, as protobuf has it)
// over and over for SECONDS; prints nanoseconds an operation.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lookout/helm/release.hpp"
#include "lookout/system/files.hpp"

int main(int argc, char** argv) {
  using namespace lookout;
  if (argc != 4) return 2;
  const auto mode =
      std::string_view(argv[1]) == "verify" ? helm::DecodeMode::kVerify : helm::DecodeMode::kStop;
  const auto payload = system::read_file(argv[2]);
  if (!payload) return 1;
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::duration<double>(std::atof(argv[3]));
  const auto start = std::chrono::steady_clock::now();
  long operations = 0;
  auto now = start;
  for (; now < deadline; now = std::chrono::steady_clock::now()) {
    for (int i = 0; i < 16; ++i, ++operations) {
      const auto outcome = helm::decode_release(*payload, helm::PayloadEncoding::kBase64, mode);
      const auto* facts = std::get_if<helm::ReleaseFacts>(&outcome);
      if (facts == nullptr || facts->chart.empty()) return 1;
    }
  }
  const double nanoseconds = std::chrono::duration<double, std::nano>(now - start).count();
  std::printf("%.0f\n", nanoseconds / static_cast<double>(operations));
  return 0;
}
