#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace ropewalk::base {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces.
class Sha256 {
public:
    Sha256();
    ~Sha256();

    Sha256& add(std::span<const unsigned char> bytes);

    /// The digest of everything added since the start or the last call, in 64 hexadecimal digits.
    std::string hex();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The digest of a text.
std::string sha256(std::string_view text);

} // namespace ropewalk::base
