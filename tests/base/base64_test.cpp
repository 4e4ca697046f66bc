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

TEST(Base64, IsReadBack) {
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(from_base64(base64(bytes)), bytes);
        bytes += static_cast<char>(i * 7);
    }
    for (const char* none : {"Z", "Zg", "Zg=", "Zm9v!", "=Zg="}) EXPECT_FALSE(from_base64(none)) << none;
}

} // namespace
} // namespace ropewalk::base
