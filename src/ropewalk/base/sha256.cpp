#include "ropewalk/base/sha256.hpp"

#include <array>
#include <cstdint>

#include <fmt/format.h>
#include <nettle/sha2.h>

namespace ropewalk::base {

struct Sha256::State {
    sha256_ctx context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) { sha256_init(&state_->context); }
Sha256::~Sha256() = default;

Sha256& Sha256::add(std::span<const unsigned char> bytes) {
    sha256_update(&state_->context, bytes.size(), bytes.data());
    return *this;
}

std::string Sha256::hex() {
    std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
    sha256_digest(&state_->context, digest.size(), digest.data());
    std::string text;
    for (const std::uint8_t byte : digest) text += fmt::format("{:02x}", byte);
    return text;
}

std::string sha256(std::string_view text) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    return Sha256().add({bytes, text.size()}).hex();
}

} // namespace ropewalk::base
