// Certificates: what is read says the same when it is written and read again.
#include "ropewalk/programs/tuning/certificate.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ropewalk;
    const auto certificate = tuning::parse_certificate(fuzz::text_of(data, size), "fuzz");
    if (!certificate) return fuzz::refused(certificate.error());
    const std::string written = tuning::to_json(*certificate);
    const auto again = tuning::parse_certificate(written, "written");
    fuzz::holds(again && tuning::to_json(*again) == written, "a written certificate is the certificate");
    return 0;
}
