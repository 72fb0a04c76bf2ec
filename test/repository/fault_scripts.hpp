// What a site at fault does instead of answering, byte by byte.
#pragma once

#include <cstddef>
#include <string>

#include "test/repository/fault_site.hpp"

namespace lookout::repository {

FaultScript status(int code, const std::string& fields = "", const std::string& body = "");
FaultScript body(const std::string& text, const std::string& fields = "");
// An error document of S3.
FaultScript s3_error(int code, const std::string& name, const std::string& more = "",
                     const std::string& fields = "");
// An error of STS.
FaultScript sts_error(int code, const std::string& name);

// These bytes and the end of the connection.
FaultScript bytes(const std::string& text);
// These bytes, then nothing more.
FaultScript silence(const std::string& text = "");
// These bytes, then `piece` again and again until the client goes.
FaultScript endless(const std::string& text, const std::string& piece);
// The same, but no faster than a client reads it: each piece waits a little.
FaultScript drip(const std::string& text, const std::string& piece);
// These bytes, then RST.
FaultScript reset_after(const std::string& text);

FaultScript redirect(int code, const std::string& location);
// To the same path of the foreign site.
FaultScript redirect_abroad(int code);

// The first n times `script`, then what the site would answer.
FaultScript first(std::size_t n, FaultScript script);
// No fault but that the site takes other credentials now.
FaultScript as_ever();

// TLS with another certificate of the site's authority, or of a stranger's; `client_wanted`: one
// of the client too.
FaultScript certificate(const fakes::CertificateRequest& request, bool client_wanted = false);
FaultScript strange_certificate();

std::string head(const std::string& fields);    // of 200, with the empty line
std::string chunk(const std::string& content);  // of a chunked body

}  // namespace lookout::repository
