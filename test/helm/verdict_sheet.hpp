// Helm's own verdicts, as test/helm/oracle wrote them (the format is in its sheet.go).
#pragma once

#include <string>
#include <vector>

#include "lookout/helm/release.hpp"

namespace lookout::helm {

struct VerdictCase {
  std::string name;
  std::vector<std::string> payloads;  // one base64 layer
  std::vector<std::string> verdicts;  // of each: a reason, or facts as one line
};

enum class SheetPart {
  kAll,
  kSmall,  // without the documents of megabytes
};
std::vector<VerdictCase> read_verdict_sheet(const std::string& path,
                                            SheetPart part = SheetPart::kAll);

// A reason, or facts on one line as the oracle writes them.
std::string describe(const DecodeOutcome& outcome);

}  // namespace lookout::helm
