#include <gtest/gtest.h>

#include "ropewalk/base/base64.hpp"

namespace ropewalk::base {
namespace {

TEST(Base64, AgreesWithTheVectorsOfItsStandard) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64(std::string("\xff\xfe\x00", 3)), "//4A");
}

} // namespace
} // namespace ropewalk::base
