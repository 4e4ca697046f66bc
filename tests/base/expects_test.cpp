// What functions expect of their callers: looked at where builds ask for it.
#include <gtest/gtest.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk::base {
namespace {

int half(int number) {
    expects(number % 2 == 0);
    return number / 2;
}

TEST(Expects, LetsThroughWhatHolds) { EXPECT_EQ(half(4), 2); }

TEST(Expects, NamesThePlaceOfWhatDoesNotHoldWhereBuildsLook) {
    if (!expectations_are_checked) {
        EXPECT_EQ(half(5), 2);
        return;
    }
    try {
        half(5);
        FAIL() << "nothing was thrown";
    } catch (const BrokenExpectation& broken) {
        EXPECT_NE(std::string(broken.what()).find("expects_test.cpp"), std::string::npos) << broken.what();
        EXPECT_NE(std::string(broken.what()).find("half"), std::string::npos) << broken.what();
    }
}

TEST(Expects, AsksWhatTakesTimeOnlyWhereBuildsLook) {
    int asked = 0;
    expects([&] {
        ++asked;
        return true;
    });
    EXPECT_EQ(asked, expectations_are_checked ? 1 : 0);
}

TEST(Expects, RefusesADrawFromNothing) {
    if (!expectations_are_checked) return;
    RandomStream random(0, Purpose::test);
    EXPECT_THROW(random.below(0), BrokenExpectation);
    EXPECT_THROW(random.below64(0), BrokenExpectation);
}

} // namespace
} // namespace ropewalk::base
