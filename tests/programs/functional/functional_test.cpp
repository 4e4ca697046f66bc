#include <numeric>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/functional/functional.hpp"
#include "ropewalk/programs/functional/tokens.hpp"

namespace ropewalk::functional {
namespace {

using values::Kind;
using values::Lists;
using values::Type;
using values::Word;

const Type number_type{}, numbers{Kind::integer, 1}, nested{Kind::integer, 2}, boolean{Kind::boolean, 0};

std::string value_of(const std::string& body, const std::string& x = "[]", const std::string& k = "0",
                     const std::string& result = "int") {
    const auto program = parse("solve(x: [int], k: int) -> " + result + ":\n    " + body + "\n", "test");
    if (!program) return base::render(program.error());
    const auto value = run(*program, {*values::parse_value(x, ""), *values::parse_value(k, "")});
    return value ? to_text(*value) : base::render(value.error());
}

std::string error_of(const std::string& text) {
    const auto program = parse(text, "test");
    return program ? "no error" : base::render(program.error());
}

TEST(Functional, NumbersDivideDownwardsAndRemaindersHaveTheSignOfTheDivisor) {
    EXPECT_EQ(value_of("-7 // 2"), "-4");
    EXPECT_EQ(value_of("-7 % 2"), "1");
    EXPECT_EQ(value_of("7 % -2"), "-1");
    EXPECT_EQ(value_of("7 // 0"), "0");
    EXPECT_EQ(value_of("7 % 0"), "7");
}

TEST(Functional, NumbersBeyondSixtyFourBitsHaveNoValue) {
    EXPECT_NE(value_of("9223372036854775807 + 1").find("no value"), std::string::npos);
    EXPECT_NE(value_of("product(x) * 2", "[4611686018427387904]").find("no value"), std::string::npos);
    EXPECT_EQ(value_of("9223372036854775807 - 1"), "9223372036854775806");
}

TEST(Functional, ValuesWhoseListsOrWorkAreTooManyHaveNoneAndTakeNoMemory) {
    std::vector<Word> many(50'000);
    std::iota(many.begin(), many.end(), 0);
    Lists lists;
    std::vector<Word> variables{lists.intern(many)};
    const std::size_t before = lists.bytes();
    const Expression x = variable(0), all_prefixes = call(Operator::prefixes, {x}), pieces = call(Operator::windows, {x, number(20'000)}),
                     grown = call(Operator::map, {x, call(Operator::take, {x, variable(2)})}),
                     counted = call(Operator::map, {x, call(Operator::count, {x, variable(1)})});
    for (const Expression& each : {all_prefixes, pieces, grown, counted}) {
        Work work{.bytes = std::size_t{1} << 20};
        EXPECT_EQ(evaluate(each, variables, lists, work), values::undefined);
        EXPECT_LE(lists.bytes(), before + (std::size_t{8} << 20));
    }
    // Places of a list are looked up in one step, however long it is.
    Work work;
    EXPECT_NE(evaluate(call(Operator::map, {x, call(Operator::get, {x, variable(2)})}), variables, lists, work), values::undefined);
}

TEST(Functional, EveryOperatorHasAValueForTheEmptyListAndForPlacesOutside) {
    for (const char* each : {"first(x)", "last(x)", "x[3]", "maximum(x)", "minimum(x)", "sum(x)"})
        EXPECT_EQ(value_of(each), "0") << each;
    EXPECT_EQ(value_of("product(x)"), "1");
    EXPECT_EQ(value_of("index(x, 4)"), "-1");
    EXPECT_EQ(value_of("set(x, 9, 1)", "[5]", "0", "[int]"), "[5]");
}

TEST(Functional, PlacesAndCountsBelowZeroCountFromTheEnd) {
    EXPECT_EQ(value_of("x[-2]", "[5,6,7]"), "6");
    EXPECT_EQ(value_of("take(x, -1)", "[5,6,7]", "0", "[int]"), "[5,6]");
    EXPECT_EQ(value_of("drop(x, -1)", "[5,6,7]", "0", "[int]"), "[7]");
    EXPECT_EQ(value_of("insert(x, -1, 9)", "[5,6,7]", "0", "[int]"), "[5,6,9,7]");
}

TEST(Functional, FunctionsSeeElementsAndTheirPlaces) {
    EXPECT_EQ(value_of("map(x, (a, i) -> a * i)", "[5,6,7]", "0", "[int]"), "[0,6,14]");
    EXPECT_EQ(value_of("filter(x, a -> a > k)", "[5,6,7]", "5", "[int]"), "[6,7]");
    EXPECT_EQ(value_of("zip_with(x, tail(x), (a, b) -> b - a)", "[5,7,6]", "0", "[int]"), "[2,-1]");
    EXPECT_EQ(value_of("fold(x, 0, (s, a) -> 2 * s + a)", "[1,0,1]"), "5");
    EXPECT_EQ(value_of("scan(x, 10, (s, a) -> s + a)", "[1,2]", "0", "[int]"), "[11,13]");
    EXPECT_EQ(value_of("accumulate(x, (s, a) -> max(s, a))", "[1,3,2]", "0", "[int]"), "[1,3,3]");
    EXPECT_EQ(value_of("iterate(k, 1, s -> s * 2)", "[]", "10"), "1024");
    EXPECT_EQ(value_of("fold(x, [0, 1], (s, a) -> [s[1], s[0] + s[1]])[0]", "[1,1,1,1,1]"), "5");
    EXPECT_EQ(value_of("sort_by(x, a -> a % 3)", "[3,2,1,0]", "0", "[int]"), "[3,0,1,2]");
    EXPECT_EQ(value_of("flat_map(group(x), a -> [first(a), length(a)])", "[4,4,5]", "0", "[int]"), "[4,2,5,1]");
    EXPECT_EQ(value_of("length(take_while(x, a -> a < 3))", "[1,2,5,1]"), "2");
}

TEST(Functional, ListsAreCutFilledAndCancelled) {
    EXPECT_EQ(value_of("split(x, 0)", "[1,0,0,2,3,0]", "0", "[[int]]"), "[[1],[],[2,3],[]]");
    EXPECT_EQ(value_of("split(x, 0)", "[]", "0", "[[int]]"), "[[]]");
    EXPECT_EQ(value_of("prefixes(x)", "[1,0,2]", "0", "[[int]]"), "[[1],[1,0],[1,0,2]]");
    EXPECT_EQ(value_of("pad(x, 4, 7)", "[1,2]", "0", "[int]"), "[1,2,7,7]");
    EXPECT_EQ(value_of("pad(x, -1, 7)", "[1,2]", "0", "[int]"), "[1,2]");
    EXPECT_EQ(value_of("cancel(x, (a, b) -> a + 1 == b)", "[5,1,3,4,2,9]", "0", "[int]"), "[5,9]");
}

TEST(Functional, NumbersHaveDigitsAndCommonDivisors) {
    EXPECT_EQ(value_of("digits(k)", "[]", "9030", "[int]"), "[9,0,3,0]");
    EXPECT_EQ(value_of("digits(k)", "[]", "0", "[int]"), "[0]");
    EXPECT_EQ(value_of("digits(k)", "[]", "-12", "[int]"), "[1,2]");
    EXPECT_EQ(value_of("length(digits(k))", "[]", "-9223372036854775807"), "19");
    EXPECT_EQ(value_of("bits(k)", "[]", "6", "[int]"), "[1,1,0]");
    EXPECT_EQ(value_of("from_digits(x)", "[9,0,3,0]"), "9030");
    EXPECT_EQ(value_of("from_digits(x)", "[12,3]"), "123");
    EXPECT_EQ(value_of("from_digits(x)"), "0");
    EXPECT_NE(value_of("from_digits(repeat(9, 20))").find("no value"), std::string::npos);
    EXPECT_EQ(value_of("gcd(k, 18)", "[]", "-12"), "6");
    EXPECT_EQ(value_of("gcd(k, 0)", "[]", "-12"), "12");
    EXPECT_EQ(value_of("gcd(0, 0)"), "0");
}

TEST(Functional, TextsHoldNumbersAndLettersOfTwoCases) {
    const auto numbers_of = [](const std::string& text) { return value_of("numbers(\"" + text + "\")", "[]", "0", "[int]"); };
    EXPECT_EQ(numbers_of("12:30"), "[12,30]");
    EXPECT_EQ(numbers_of("a-5 b7"), "[-5,7]");
    EXPECT_EQ(numbers_of("10-3"), "[10,3]") << "the - of a difference";
    EXPECT_EQ(numbers_of("-8--9"), "[-8,-9]");
    EXPECT_EQ(numbers_of("007"), "[7]");
    EXPECT_EQ(numbers_of("none"), "[]");
    EXPECT_NE(numbers_of("9223372036854775808").find("no value"), std::string::npos);
    EXPECT_EQ(value_of("to_text(k)", "[]", "-120", "text"), "\"-120\"");
    EXPECT_EQ(value_of("to_text(k)", "[]", "0", "text"), "\"0\"");
    EXPECT_EQ(value_of("numbers(to_text(k))", "[]", "-9223372036854775807", "[int]"), "[-9223372036854775807]");
    EXPECT_EQ(value_of("upper(\"aZ-zé{`\")", "[]", "0", "text"), "\"AZ-Zé{`\"");
    EXPECT_EQ(value_of("lower(\"AZ-z[@\")", "[]", "0", "text"), "\"az-z[@\"");
}

TEST(Functional, CharactersArePrintedAsSuchWhereTheyAreMeant) {
    const auto again = [](const std::string& text) { return to_string(parse(text, "text").value()); };
    const std::string texts = "solve(x: text) -> text:\n    concat(join(split(x, ' '), '_'), if first(x) == 'a' then \"no, \" else [10, 65])\n";
    EXPECT_EQ(again(texts), texts);
    EXPECT_EQ(again("solve(x: text) -> [int]:\n    map(filter(x, a -> a > 97), a -> a - 97)\n"),
              "solve(x: text) -> [int]:\n    map(filter(x, a -> a > 'a'), a -> a - 97)\n");
    const std::string made = "solve(x: text) -> text:\n    join(map(split(x, ' '), a -> upper(a)), '-')\n";
    EXPECT_EQ(again(made), made);
    const std::string masked = "solve(x: text) -> text:\n    map(x, (a, i) -> if i > 3 then '*' else max(a, '-'))\n";
    EXPECT_EQ(again(masked), masked);
    const std::string beside = "solve(x: text) -> [int]:\n    [60, 100]\n";
    EXPECT_EQ(again(beside), beside) << "numbers, though there is a text";
    EXPECT_EQ(again("solve(x: text) -> int:\n    count_if(x, a -> contains([97, 101, 105], a))\n"),
              "solve(x: text) -> int:\n    count_if(x, a -> contains(\"aei\", a))\n");
    const std::string numbers = "solve(x: [int]) -> [int]:\n    append(split(x, 32)[0], 65)\n";
    EXPECT_EQ(again(numbers), numbers);
    EXPECT_EQ(parse("solve(x: [int]) -> int:\n    'é'\n", "text").value().body.number, 233);
    EXPECT_FALSE(parse("solve(x: [int]) -> int:\n    'ab'\n", "text"));
    EXPECT_FALSE(parse("solve(x: [int]) -> int:\n    '\n", "text"));
}

TEST(Functional, ListsOfListsAreJoinedAndTurned) {
    EXPECT_EQ(value_of("join(split(x, 0), 7)", "[1,0,0,2]", "0", "[int]"), "[1,7,7,2]");
    EXPECT_EQ(value_of("join([x], 7)", "[1,2]", "0", "[int]"), "[1,2]");
    EXPECT_EQ(value_of("length(join([range(0, 100000)], 7))"), "100000") << "as long as a list may be";
    EXPECT_EQ(value_of("join(group(x), 7)", "[]", "0", "[int]"), "[]");
    EXPECT_EQ(value_of("join([[], []], 7)", "[]", "0", "[int]"), "[7]");
    EXPECT_EQ(value_of("transpose([x, tail(x)])", "[1,2,3]", "0", "[[int]]"), "[[1,2],[2,3]]");
    EXPECT_EQ(value_of("transpose(chunks(x, 2))", "[1,2,3,4,5,6]", "0", "[[int]]"), "[[1,3,5],[2,4,6]]");
    EXPECT_EQ(value_of("transpose(group(x))", "[]", "0", "[[int]]"), "[]");
}

TEST(Functional, TheFirstOfTheLargestAndSmallestKeysIsChosen) {
    EXPECT_EQ(value_of("max_by(x, a -> a % 3)", "[3,2,5,1]"), "2");
    EXPECT_EQ(value_of("min_by(x, a -> a % 3)", "[2,3,0,1]"), "3");
    EXPECT_EQ(value_of("max_by(x, a -> a)", "[]"), "0");
    EXPECT_EQ(value_of("max_by(group(x), a -> length(a))", "[1,2,2,3]", "0", "[int]"), "[2,2]");
}

TEST(Functional, ParametersThatOnlyInnerFunctionsHaveAreNotNamed) {
    const std::string text = "solve(x: [int]) -> [int]:\n    map(x, a -> count_if(x, b -> a < b))\n";
    EXPECT_EQ(to_string(*parse(text, "test")), text);
}

TEST(Functional, ProgramsReadAsTheyArePrinted) {
    const std::string text = "solve(x: [int], k: int) -> [int]:\n"
                             "    y = filter(x, a -> a % k == 0)\n"
                             "    map(y, (a, i) -> if a > 3 and not odd(i) then -a else y[i - 1] - (2 - k))\n";
    EXPECT_EQ(to_string(*parse(text, "test")), text);
}

TEST(Functional, RandomProgramsReadAsTheyArePrinted) {
    for (std::uint64_t i = 0; i < 3000; ++i) {
        base::RandomStream random(1, base::Purpose::random_program, i);
        const Type result = i % 3 == 0 ? number_type : i % 3 == 1 ? numbers : nested;
        const Program program = random_program({{"x", numbers}, {"k", number_type}, {"p", boolean}}, result, 5, random);
        const auto again = parse(to_string(program), "test");
        ASSERT_TRUE(again) << to_string(program) << base::render(again.error());
        ASSERT_EQ(*again, program) << to_string(program);
    }
}

TEST(Functional, SimplifiedProgramsHaveTheSameValues) {
    int with_value = 0;
    for (std::uint64_t i = 0; i < 1500; ++i) {
        base::RandomStream random(2, base::Purpose::random_program, i);
        const Program program = random_program({{"x", numbers}, {"k", number_type}}, i % 2 == 0 ? number_type : numbers, 4, random);
        const std::vector<values::Value> arguments{random_value(numbers, random), random_value(number_type, random)};
        const auto before = run(program, arguments), after = run(with_names(simplify(program)), arguments);
        if (!before) continue;
        ++with_value;
        ASSERT_TRUE(after) << to_string(program) << to_string(with_names(simplify(program)));
        ASSERT_EQ(*before, *after) << to_string(program) << to_string(simplify(program));
    }
    EXPECT_GT(with_value, 900);
}

TEST(Functional, SimplifyingSaysThingsShorter) {
    const auto simpler = [](const std::string& body, const std::string& type) {
        const auto program = parse("solve(x: [int]) -> " + type + ":\n    " + body + "\n", "test");
        return to_string(simplify(*program).body, program->parameters);
    };
    EXPECT_EQ(simpler("first(reverse(sort(x)))", "int"), "maximum(x)");
    EXPECT_EQ(simpler("filter(x, a -> not (a <= 1 + 1))", "[int]"), "filter(x, a -> a > 2)");
    EXPECT_EQ(simpler("sum(map(x, a -> if even(a) then 1 else 0))", "int"), "count_if(x, a -> even(a))");
    EXPECT_EQ(simpler("map(x, a -> 0 + a * 1)", "[int]"), "x");
}

TEST(Functional, PartsThatStandTwiceAreNamed) {
    const auto program = parse("solve(x: [int]) -> [int]:\n"
                               "    zip_with(filter(x, a -> odd(a)), tail(filter(x, a -> odd(a))), (a, b) -> a * b)\n",
                               "test");
    EXPECT_EQ(to_string(with_names(*program)), "solve(x: [int]) -> [int]:\n"
                                               "    y = filter(x, a -> odd(a))\n"
                                               "    zip_with(y, tail(y), (a, b) -> a * b)\n");
}

TEST(Functional, PartsThatStandTwiceAreNamedBelowOtherFunctionsToo) {
    const auto program = parse("solve(x: [int]) -> [int]:\n"
                               "    map(map(x, a -> count(x, a)), a -> count(map(x, b -> count(x, b)), a) // a)\n",
                               "test");
    EXPECT_EQ(to_string(with_names(*program)), "solve(x: [int]) -> [int]:\n"
                                               "    y = map(x, a -> count(x, a))\n"
                                               "    map(y, a -> count(y, a) // a)\n");
}

TEST(Functional, ErrorsSayTheirPlaceWhatWasFoundAndWhatIsExpected) {
    EXPECT_EQ(error_of("solve(x: [int]) -> int:\n    sun(x)\n"),
              "test:2:5: unknown function 'sun'; expected sum\n        sun(x)\n        ^^^\n");
    EXPECT_EQ(error_of("solve(x: [int]) -> int:\n    sum(y)\n"),
              "test:2:9: unknown name 'y'; expected x\n        sum(y)\n            ^\n");
    EXPECT_EQ(error_of("solve(x: [int]) -> int:\n    sum(1)\n"),
              "test:2:9: int as argument 1 of sum; expected [int]\n        sum(1)\n            ^\n");
    EXPECT_EQ(error_of("solve(x: [int]) -> bool:\n    sum(x)\n"),
              "test:2:5: int as value of the program; expected bool\n        sum(x)\n        ^\n");
    EXPECT_EQ(error_of("solve(x: [float]) -> int:\n    1\n"),
              "test:1:10: '[float]'; expected a type: int, bool, text, [int], [[int]]\n"
              "    solve(x: [float]) -> int:\n             ^^^^^^^\n");
    EXPECT_NE(error_of("solve(x: [int]) -> int:\n    if x then 1 else 2\n").find("expected bool"), std::string::npos);
    EXPECT_NE(error_of("solve(x: [int]) -> [int]:\n    map(x, (a, b, c) -> a)\n").find("at most 2"), std::string::npos);
    EXPECT_NE(error_of("").find("expected a head"), std::string::npos);
    EXPECT_NE(error_of("solve(x: int) -> int:\n    " + std::string(400, '(')).find("150 levels"), std::string::npos);
}

TEST(Functional, MutatedTextIsReadOrRefusedWithAPlace) {
    const std::string good = "solve(x: [int], k: int) -> [int]:\n"
                             "    y = filter(x, a -> a % k == 0)\n"
                             "    map(y, (a, i) -> if a > 3 then -a else y[i])\n";
    const std::string bytes = "()[]:->=+*/%<>!\"ab01 \n,#\xff";
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        base::RandomStream random(3, base::Purpose::test, i);
        std::string text = good;
        for (auto edits = 1 + random.below(4); edits > 0; --edits) {
            const auto at = random.below(static_cast<std::uint32_t>(text.size()));
            const char byte = bytes[random.below(static_cast<std::uint32_t>(bytes.size()))];
            const auto kind = random.below(3);
            if (kind == 0) text[at] = byte;
            if (kind == 1) text.insert(at, 1, byte);
            if (kind == 2) text.erase(at, 1 + random.below(5));
        }
        const auto program = parse(text, "test");
        if (!program) {
            ASSERT_FALSE(program.error().empty());
            ASSERT_GT(program.error()[0].line, 0) << text;
        }
    }
}

TEST(Printing, ArgumentsThatAreWordsOfTheLanguageAreRenamedSoThatTheTextReadsBack) {
    std::vector<std::string> words(reserved_words().begin(), reserved_words().end());
    for (const OperatorFacts& each : all_operators())
        if (operator_named(each.name)) words.emplace_back(each.name);
    words.insert(words.end(), {"solve", "int", "bool", "text", "a", "y", "true_"});
    const Expression element_and_others = call(Operator::add, {call(Operator::add, {variable(3), variable(1)}), variable(2)});
    for (const std::string& word : words)
        for (const std::string& other : {std::string("k"), word + "_"}) {
            const Program program{.parameters = {{word, numbers}, {other, number_type}},
                                  .result = numbers,
                                  .body = call(Operator::let, {call(Operator::sum, {variable(0)}), call(Operator::map, {variable(0), element_and_others})})};
            const std::string text = to_string(program);
            const auto read = parse(text, "test");
            ASSERT_TRUE(read) << text << base::render(read.error());
            EXPECT_EQ(read->body, program.body) << text;
            EXPECT_EQ(to_string(*read), text);
            EXPECT_EQ(read->parameters[1].name, other) << "names that clash with nothing stay";
            EXPECT_EQ(read->parameters[0].name == word, !is_reserved(word));
            EXPECT_TRUE(is_functional(text));
        }
}

} // namespace
} // namespace ropewalk::functional
