#include "ropewalk/base/sha256.hpp"

#include <gtest/gtest.h>

namespace ropewalk::base {
namespace {

// The test vectors of FIPS 180-2.
TEST(Sha256, OfTheStandardsTexts) {
    EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, OfPiecesIsThatOfTheWhole) {
    const unsigned char bytes[] = {'a', 'b', 'c'};
    Sha256 pieces;
    pieces.add({bytes, 1}).add({bytes + 1, 2});
    EXPECT_EQ(pieces.hex(), sha256("abc"));
    EXPECT_EQ(pieces.hex(), sha256("")) << "hex() starts anew";
}

} // namespace
} // namespace ropewalk::base
