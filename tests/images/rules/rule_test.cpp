// Rules beside formulas: their values, their text for machines, and the families they come from.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/images/rules/rules.hpp"

namespace ropewalk::rules {
namespace {

RuleFamilies families(std::size_t variables) { return formula_families({}, variables, std::vector<double>{0, 9}); }

double value(const RuleFamilies& all, const std::string& text, const std::vector<double>& letters) {
    for (const Rule& rule : all.rules)
        if (rule.text == text) return value_of(rule, letters);
    ADD_FAILURE() << "no rule " << text;
    return NAN;
}

TEST(Rules, DoWhatTheirTextSays) {
    const RuleFamilies two = families(2);
    EXPECT_EQ(value(two, "max(s1, s2)", {3, 5}), 5);
    EXPECT_EQ(value(two, "s1 = s2", {4, 4}), 1);
    EXPECT_EQ(value(two, "s1 = s2", {4, 5}), 0);
    EXPECT_EQ(value(two, "(s1 + s2) mod 10", {7, 5}), 2);
    EXPECT_EQ(value(two, "10*s2 + s1", {7, 5}), 57);
    EXPECT_EQ(value(two, "if s1 < s2: s1 else s1 + s2 + 4", {2, 5}), 2);
    EXPECT_EQ(value(two, "if s1 < s2: s1 else s1 + s2 + 4", {5, 5}), 14);
}

TEST(Rules, SelectWhatALetterSays) {
    const RuleFamilies all = selection_families();
    const std::string text = "if s2 = 10: s1 + s3; if s2 = 11: s1 - s3; if s2 = 12: s1 * s3";
    EXPECT_EQ(value(all, text, {7, 10, 5}), 12);
    EXPECT_EQ(value(all, text, {7, 11, 5}), 2);
    EXPECT_EQ(value(all, text, {7, 12, 5}), 35);
    EXPECT_GE(value(all, text, {7, 3, 5}), no_selection);
    EXPECT_GE(value(all, text, {7, 12, 11}), no_selection);
}

TEST(Rules, ComeBackFromTheirJson) {
    std::vector<Rule> rules = selection_families().rules;
    const std::vector<Rule> more = families(2).rules;
    for (std::size_t i = 0; i < more.size(); i += 7) rules.push_back(more[i]);
    rules.push_back(rule_of(Fold{.kind = FoldKind::remainder, .modulus = 2}));
    for (const Rule& rule : rules) {
        const auto back = rule_from_json(to_json(rule), "programs.json");
        ASSERT_TRUE(back) << rule.text;
        EXPECT_EQ(back->text, rule.text);
        ASSERT_EQ(variables_of(*back), variables_of(rule)) << rule.text;
        for (const std::vector<double>& letters : {std::vector<double>{0, 3, 9}, {5, 5, 2}, {7, 10, 1}, {8, 12, 4}}) {
            const std::size_t count = variables_of(rule) == 0 ? 3 : variables_of(rule);
            const std::span row(letters.data(), count);
            EXPECT_EQ(value_of(*back, row), value_of(rule, row)) << rule.text;
        }
    }
    EXPECT_FALSE(rule_from_json("{}", "programs.json"));
    EXPECT_FALSE(rule_from_json("no JSON", "programs.json"));
    for (const char* damaged : {R"({"text": "s1", "variables": -1, "formula": "s1"})",
                                R"({"text": "s1", "variables": 0, "formula": "s1"})",
                                R"({"text": "s1", "variables": 1000000000, "formula": "s1"})",
                                R"({"text": "s1", "variables": "two", "formula": "s1"})",
                                R"({"text": 3, "variables": 1, "formula": "s1"})"})
        EXPECT_FALSE(rule_from_json(damaged, "programs.json")) << damaged;
}

} // namespace
} // namespace ropewalk::rules
