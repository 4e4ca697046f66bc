// Files of examples as people write them: what is read, how, and what is refused where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/synthesis/synthesis.hpp"

namespace ropewalk::synthesis {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Examples read_examples(const std::string& text) {
    const auto examples = parse_examples(text, "examples");
    EXPECT_TRUE(examples) << text << (examples ? "" : base::render(examples.error()));
    return examples ? *examples : Examples{};
}

std::string refusal_of(const std::string& text) {
    const auto examples = parse_examples(text, "examples");
    return examples ? "no error" : base::render(examples.error());
}

/// The names of the arguments, and the examples as calls with their values.
std::string told(const std::string& text) {
    const Examples examples = read_examples(text);
    std::string all;
    for (const functional::Parameter& each : examples.parameters) all += (all.empty() ? "" : ",") + each.name;
    for (const Example& each : examples.rows) {
        all += ';';
        for (const values::Value& input : each.inputs) all += ' ' + values::to_text(input);
        all += " -> " + values::to_text(each.output);
    }
    return all;
}

std::string notes_on(const std::string& text) {
    std::string all;
    for (const std::string& each : read_examples(text).notes) all += each + '\n';
    return all;
}

TEST(ExampleFile, AllFormsOfAnExampleAreRead) {
    for (const char* text : {"{\"in\": [3,1], \"out\": 7}", "{\"input\": [3,1], \"output\": 7}", "[[3,1], 7]",
                             "[3,1] -> 7", "[{\"in\": [3,1], \"out\": 7}]", "{\n  \"in\": [3, 1],\n  \"out\": 7\n}",
                             "# a comment\n[3,1] -> 7\n", "x,out\n\"[3,1]\",7\n", "{\"args\": [[3,1]], \"out\": 7.0}"}) {
        const Examples examples = read_examples(text);
        ASSERT_EQ(examples.rows.size(), 1u) << text;
        EXPECT_EQ(examples.rows[0].inputs[0], values::list_of({3, 1})) << text;
        EXPECT_EQ(examples.rows[0].output, values::whole_number(7)) << text;
        EXPECT_TRUE(are_list_examples(text)) << text;
    }
}

TEST(ExampleFile, SeveralArgumentsHaveNamesAndTypes) {
    const Examples named = read_examples("{\"x\": [], \"k\": 3, \"out\": true}\n{\"x\": [1], \"k\": 2, \"out\": false}\n");
    ASSERT_EQ(named.parameters.size(), 2u);
    EXPECT_EQ(named.parameters[1].name, "k");
    EXPECT_EQ(values::to_string(named.parameters[0].type), "[int]");
    EXPECT_EQ(values::to_string(named.result), "bool");
    EXPECT_EQ(read_examples("[1,2], 3 -> 6").parameters.size(), 2u);
    EXPECT_EQ(values::to_string(read_examples("\"abc\" -> \"cba\"").result), "text");
}

TEST(ExampleFile, ErrorsSayLineKeyWhatWasFoundAndWhatIsExpected) {
    EXPECT_EQ(refusal_of(""), "examples: no example; expected an example such as {\"in\": [3,1,2], \"out\": [1,2,3]} or "
                            "[3,1,2] -> [1,2,3]\n");
    EXPECT_EQ(refusal_of("[1] -> 1\n[2] -> [2]\n"),
              "examples:2: [2], [int], for the value; expected int, as on the lines before\n");
    EXPECT_EQ(refusal_of("[1] -> 1\n\n[1] -> 2\n"), "examples:3: 2 for [1]; expected 1, as on line 1: one of the two lines is wrong\n");
    EXPECT_NE(refusal_of("{\"in\": [1, true], \"out\": 1}").find("key 'in': a list with int and bool"), std::string::npos);
    EXPECT_NE(refusal_of("{\"in\": [1]}").find("without \"out\""), std::string::npos);
    EXPECT_NE(refusal_of("{\"a\": 1, \"out\": 1}\n{\"b\": 1, \"out\": 1}\n").find("expected a"), std::string::npos);
    EXPECT_NE(refusal_of("x,y\n1,2,3\n").find("3 cells"), std::string::npos);
}

TEST(ExampleFile, AListOfPairsIsAsManyExamples) {
    EXPECT_EQ(told("[[[1,2],3],[[4],4],[[5,5],10]]"), "x; [1,2] -> 3; [4] -> 4; [5,5] -> 10");
    EXPECT_EQ(told("[\n  [[1,2], 3],\n  [[4], 4]\n]\n"), "x; [1,2] -> 3; [4] -> 4");
    EXPECT_EQ(told("[[[1,2],3]]"), "x; [1,2] -> 3");
    EXPECT_EQ(told("[[[3,1],[1,3]],[[9,8],[8,9]],[[2],[2]]]"), "x; [3,1] -> [1,3]; [9,8] -> [8,9]; [2] -> [2]");
    EXPECT_EQ(told("[[\"ab\",2],[\"c\",1]]"), "x; \"ab\" -> 2; \"c\" -> 1");
    EXPECT_EQ(told("[[1,2],{\"in\": 2, \"out\": 3}]"), "x; 1 -> 2; 2 -> 3");
}

TEST(ExampleFile, TwoListsAreOneExampleOrTwoAndANoteSaysWhichWhereBothMayBeMeant) {
    EXPECT_EQ(told("[[[3,1,2],[1,2,3]],[[1,5],[1,5]]]"), "x; [3,1,2] -> [1,2,3]; [1,5] -> [1,5]");
    EXPECT_THAT(notes_on("[[[3,1,2],[1,2,3]],[[1,5],[1,5]]]"), HasSubstr("read as two examples, [3,1,2] -> [1,2,3] and another"));
    EXPECT_EQ(told("[[1,2],[2,1]]"), "x; [1,2] -> [2,1]");
    EXPECT_THAT(notes_on("[[1,2],[2,1]]"), HasSubstr("read as one example, [1,2] -> [2,1]; for two, write 1 -> 2"));
    EXPECT_EQ(told("[[[1,2],3],[[4],4]]"), "x; [1,2] -> 3; [4] -> 4");
    for (const char* text : {"[[3,1,2],[1,2,3]]", "[[[1,2],3],[[4],4]]", "[[1,2],3]", "[[1,2],[2,1]]\n[[3,4],[4,3]]"})
        EXPECT_EQ(notes_on(text), "") << text;
    EXPECT_EQ(told("[[[1,2],[3,4]],[[1,3],[2,4]]]\n[[[7]],[[7]]]"), "x; [[1,2],[3,4]] -> [[1,3],[2,4]]; [[7]] -> [[7]]");
}

TEST(ExampleFile, ABrokenListIsOneErrorWithLineAndColumn) {
    EXPECT_EQ(refusal_of("[\n {\"in\": [1,2], \"out\": 3},\n {\"in\": [5, \"out\": 5},\n {\"in\": [5], \"out\": 5}\n]\n"),
              "examples:3:21: '}'; expected ']', or ',' and more\n     {\"in\": [5, \"out\": 5},\n                        ^\n");
    EXPECT_THAT(refusal_of("[[[1,2],3],\n [[4],4]\n"), StartsWith("examples:1:1: '[' that nothing closes; expected its ']'\n"));
    EXPECT_THAT(refusal_of("[\n [[1,2],3]\n [[4],4]\n]\n"), StartsWith("examples:3:2: '['; expected ',' before it\n"));
    EXPECT_THAT(refusal_of("[\n [[1,2],3],\n]\n"), StartsWith("examples:3:1: ']'; expected no comma before it\n"));
    EXPECT_THAT(refusal_of("{\"in\": [1], \"out\": 1}\n{\"in\": [3,1, \"out\": 6}\n{\"in\": [5], \"out\": 5}\n[4\n"),
                testing::AllOf(StartsWith("examples:2:22: '}'"), HasSubstr("examples:4:1: '['")));
}

TEST(ExampleFile, ErrorsInsideOfAListNameTheLineOfTheirExample) {
    EXPECT_EQ(refusal_of("[{\"in\":[3],\"out\":1},\n {\"in\":[5,\"a\"],\"out\":2}]"),
              "examples:2: key 'in': a list with int and text; expected elements of one type\n");
    EXPECT_EQ(refusal_of("[{\"in\":[3],\"out\":1},\n\n {\"in\":[3],\"out\":2}]"),
              "examples:3: 2 for [3]; expected 1, as on line 1: one of the two lines is wrong\n");
    EXPECT_THAT(refusal_of("[[[1,2],3],\n [4],\n [[5],5]]"), StartsWith("examples:2: a list of 1 among examples; expected a pair"));
    EXPECT_THAT(refusal_of("[\n {\"in\": [5],\n  \"outt\": 5}\n]"), StartsWith("examples:2: an example without \"out\""));
}

TEST(ExampleFile, NamesMayStandInAnyOrderAndTheFirstLineSaysTheOrderOfArguments) {
    EXPECT_EQ(told("{\"x\": [1], \"k\": 2, \"out\": 3}\n{\"out\": 5, \"k\": 4, \"x\": [1]}\n"), "x,k; [1] 2 -> 3; [1] 4 -> 5");
    EXPECT_EQ(refusal_of("{\"x\": 1, \"k\": 2, \"out\": 3}\n{\"x\": 1, \"out\": 3}\n"),
              "examples:2: arguments x; expected x, k, as on the lines before\n");
    EXPECT_EQ(refusal_of("[1,2], 3 -> 7\n[1,2] -> 7\n"), "examples:2: arguments x; expected x, y, as on the lines before\n");
}

TEST(ExampleFile, NoNameStandsTwice) {
    EXPECT_THAT(refusal_of("{\"in\": [1,2], \"in\": [2,3], \"out\": 5}\n"), StartsWith("examples:1:15: key 'in' twice; expected each key once\n"));
    EXPECT_THAT(refusal_of("{\"input\": {\"n\": 1,\n \"n\": 2}, \"out\": 5}\n"), StartsWith("examples:2:2: key 'n' twice"));
    EXPECT_THAT(refusal_of("{\"examples\": [[1,2]],\n \"examples\": [[2,3]]}\n"), StartsWith("examples:2:2: key 'examples' twice"));
    EXPECT_THAT(refusal_of("a,a,out\n1,2,3\n"), StartsWith("examples:1:3: two columns named 'a'"));
    EXPECT_THAT(refusal_of("{\"in\": [1], \"input\": [2], \"out\": 5}\n"), HasSubstr("two arguments named x"));
    EXPECT_THAT(refusal_of("{\"in\": [1], \"x\": [2], \"out\": 5}\n"), HasSubstr("two arguments named x"));
    EXPECT_THAT(refusal_of("{\"in\": [1], \"out\": 5, \"Output\": 6}\n"), HasSubstr("key 'out' and key 'Output'; expected one value"));
    EXPECT_THAT(refusal_of("{\"in\": [1], \"result\": 5, \"answer\": 6}\n"), HasSubstr("expected one value; name it \"out\""));
}

TEST(ExampleFile, AnyTextNamesAnArgument) {
    EXPECT_EQ(told("a list,Größe (cm),out\n1,2,5\n3,4,6\n"), "a_list,Grosse_cm; 1 2 -> 5; 3 4 -> 6");
    EXPECT_EQ(told("{\"长度\": 1, \"2nd\": 2, \"out\": 5}\n"), "u957f_u5ea6,_2nd; 1 2 -> 5");
    EXPECT_THAT(refusal_of("a b,a-b,out\n1,2,5\n"), StartsWith("examples:1:5: two columns named 'a_b'"));
    EXPECT_THAT(refusal_of("{\"a b\": 1, \"a-b\": 2, \"out\": 5}\n"), HasSubstr("two arguments named a_b"));
    EXPECT_THAT(refusal_of("Gr\xf6\xdf" "e,out\n1,5\n"), HasSubstr("byte 0xf6; expected text in UTF-8")) << "but none in another encoding";
    EXPECT_EQ(notes_on("{\"if\": 1, \"out\": 5}\n"), "the argument 'if' is called if_\n");
    EXPECT_TRUE(are_list_examples("{\"memory\": [3,1,2], \"q\": 2, \"out\": [8,4,6]}\n"));
    EXPECT_EQ(told("zip,out\n01234,01\n10115,10\n"), "zip; \"01234\" -> \"01\"; \"10115\" -> \"10\"") << "codes are texts";
    EXPECT_THAT(refusal_of("{\"\": 1, \"out\": 5}\n"), HasSubstr("key ''; expected a name for an argument"));
}

TEST(ExampleFile, TheValueAndTheArgumentsHaveManyNames) {
    for (const char* text :
         {"{\"Input\": [1], \"Output\": 6}", "{\"input\": [1], \"expected\": 6}", "{\"x\": [1], \"result\": 6}", "{\"IN\": [1], \"answer\": 6}",
          "{\"inputs\": [[1]], \"outputs\": 6}", "{\"in\": [1], \"expect\": 6}", "{\"y\": 6, \"x\": [1]}", "{\"input\": {\"x\": [1]}, \"output\": 6}"})
        EXPECT_EQ(told(text), "x; [1] -> 6") << text;
    EXPECT_THAT(notes_on("{\"x\": [1], \"y\": 6}"), HasSubstr("y is read as the value"));
    EXPECT_EQ(told("{\"x\": [1], \"y\": 6, \"out\": 2}"), "x,y; [1] 6 -> 2");
    EXPECT_EQ(told("{\"x\": [1], \"result\": 6, \"out\": 2}"), "x,result; [1] 6 -> 2");
    EXPECT_EQ(told("{\"input\": {\"nums\": [1], \"target\": 1}, \"output\": 0}"), "nums,target; [1] 1 -> 0");
    EXPECT_EQ(told("{\"inputs\": [[1,2],3], \"outputs\": 0}"), "x,y; [1,2] 3 -> 0");
    EXPECT_EQ(notes_on("{\"inputs\": [[1,2],3], \"outputs\": 0}"), "");
    EXPECT_THAT(notes_on("{\"inputs\": [1,2], \"outputs\": 0}"), HasSubstr("each element of 'inputs' is read as an argument"));
    EXPECT_THAT(refusal_of("{\"in\": [1], \"value\": 6}"),
                HasSubstr("expected the value under \"out\", \"output\", \"outputs\", \"expected\", \"result\" or \"answer\""));
}

TEST(ExampleFile, TablesHaveCommasSemicolonsOrTabs) {
    for (const char* text : {"a,b,out\n1,5,6\n3,4,7\n", "a;b;out\n1;5;6\n3;4;7\n", "a\tb\tout\n1\t5\t6\n3\t4\t7\n",
                             "\xef\xbb\xbf" "a,b,out\r\n1,5,6\r\n\r\n3,4,7\r\n", "# ours\na, b, out\n1, 5, 6\n 3, 4, 7\n",
                             "\"a\",\"b\",\"out\"\n\"1\",\"5\",\"6\"\n3,4,7"}) {
        EXPECT_EQ(told(text), "a,b; 1 5 -> 6; 3 4 -> 7") << text;
        EXPECT_EQ(notes_on(text), "") << text;
        EXPECT_TRUE(are_list_examples(text)) << text;
    }
    EXPECT_EQ(told("x;out\n[1,2];[3,4]\n"), "x; [1,2] -> [3,4]");
    EXPECT_EQ(told("x,out\n\"['a', 'b']\",\"[True, False]\"\n"), "x; [\"a\",\"b\"] -> [true,false]") << "as data frames write them";
    EXPECT_EQ(told("name,out\n\"Smith, J\",\"say \"\"hi\"\"\"\n"), "name; \"Smith, J\" -> \"say \\\"hi\\\"\"");
}

TEST(ExampleFile, TheColumnOfTheValueIsNamedSoOrTheLast) {
    EXPECT_EQ(told("out,a,b\n6,1,5\n"), "a,b; 1 5 -> 6");
    EXPECT_EQ(told("a,Expected,b\n1,6,5\n"), "a,b; 1 5 -> 6");
    EXPECT_EQ(told("a,b,total\n1,5,6\n"), "a,b; 1 5 -> 6");
    EXPECT_THAT(notes_on("a,b,total\n1,5,6\n"), HasSubstr("the last of them, 'total', as the value"));
    EXPECT_THAT(refusal_of("out,a,out\n6,1,5\n"), StartsWith("examples:1:7: a second column for the value"));
}

TEST(ExampleFile, TruthValuesOfTablesHaveAnyCaseOfLettersWhereTheWholeColumnIsSuch) {
    EXPECT_EQ(told("a,out\n1,TRUE\n2,False\n3,true\n"), "a; 1 -> true; 2 -> false; 3 -> true");
    EXPECT_EQ(told("a,out\nTRUE,1\nmaybe,2\n"), "a; \"TRUE\" -> 1; \"maybe\" -> 2");
    EXPECT_THAT(refusal_of("a,out\n1,True\n2,0\n"), StartsWith("examples:3: 0, int, for the value; expected text"));
}

TEST(ExampleFile, TablesThatSayTooLittleAreRefusedOnceWithAnExample) {
    const std::string form = "a column for each argument and one for the value, as in the lines x,k,out and \"[3,1,2]\",4,7\n";
    EXPECT_EQ(refusal_of("out\n1\n2\n"), "examples:1: a table of one column; expected " + form);
    EXPECT_EQ(refusal_of("1,5,6\n3,4,7\n"), "examples:1: a table without a line of names; expected first names, " + form);
    EXPECT_EQ(refusal_of("\"[1,2,3]\",6\n\"[5]\",5\n"), "examples:1: a table without a line of names; expected first names, " + form);
    EXPECT_EQ(refusal_of("a,out\n"), "examples:1: names of columns without lines below them; expected " + form);
    for (const char* text : {"out\n1\n2\n", "1,5,6\n3,4,7\n"}) EXPECT_TRUE(are_list_examples(text)) << text;
}

TEST(ExampleFile, CellsThatMayMeanSomethingElseAreRefused) {
    EXPECT_THAT(refusal_of("a,b,out\n1,5,6\n3,,7\n"), StartsWith("examples:3:3: an empty cell for b; expected a value"));
    EXPECT_THAT(refusal_of("a,out,\n1,5,\n"), StartsWith("examples:1:7: a column without a name"));
    EXPECT_THAT(refusal_of("17,out\n1,5\n"), StartsWith("examples:1:1: a column named '17'"));
    EXPECT_THAT(refusal_of("a,out\n[1 2],3\n"), StartsWith("examples:2:1: '[1 2]' for a; expected a list such as [3,1,2]"));
    EXPECT_THAT(refusal_of("a;out\n1,5;3\n"), StartsWith("examples:2:1: '1,5' for a; expected a whole number"));
    EXPECT_THAT(refusal_of("a,out\n1.5,3\n"), StartsWith("examples:2: column 'a': '1.5'; expected a whole number"));
    EXPECT_THAT(refusal_of("a,out\n\"x,3\n"), StartsWith("examples:2:1: a quote that does not end on its line"));
    EXPECT_THAT(refusal_of("a,out\n\"x\"y,3\n"), StartsWith("examples:2:4: text behind a closing quote"));
    EXPECT_THAT(refusal_of("a,out\n5\" pipe,3\n"), StartsWith("examples:2:2: a quote inside of a cell"));
    EXPECT_THAT(refusal_of("x,out\n[1,2,6\n"), StartsWith("examples:2:1: '[' that nothing closes"));
    EXPECT_THAT(refusal_of("a,out\n1,2,3\n"), StartsWith("examples:2: 3 cells; expected 2, as in the header"));
}

TEST(ExampleFile, ArrowsHaveManyForms) {
    for (const char* arrow : {"->", "=>", "-->", "\u2192"}) EXPECT_EQ(told(std::string("[1,2], 3") + arrow + "-7"), "x,y; [1,2] 3 -> -7") << arrow;
    EXPECT_EQ(told("\"a -> b\" -> \"=>\"\n\"->\" -> \"#\"\n"), "x; \"a -> b\" -> \"=>\"; \"->\" -> \"#\"");
    EXPECT_EQ(told("[[1,2],\n [3,4]] -> [[1,3],\n            [2,4]]\n[[7]] -> [[7]]\n"), "x; [[1,2],[3,4]] -> [[1,3],[2,4]]; [[7]] -> [[7]]");
    EXPECT_THAT(refusal_of("[1,2] -> 3 -> 4\n"), StartsWith("examples:1:12: a second arrow"));
    EXPECT_THAT(refusal_of("[1] -> 3\n[4] ->\n"), StartsWith("examples:2:7: nothing where a value was to be"));
    EXPECT_THAT(refusal_of("-> 3\n"), StartsWith("examples:1:1: nothing where a value was to be"));
    EXPECT_THAT(refusal_of("[1] -> 3, 4\n"), StartsWith("examples:1:11: 2 values behind the arrow; expected one"));
    EXPECT_THAT(refusal_of("(1,2) -> (2,1)\n"), StartsWith("examples:1:1: '('; expected [1,2] for a list, or arguments"));
    EXPECT_THAT(refusal_of("1 2 3 -> 6\n"), StartsWith("examples:1:3: '2'; expected ',' before it"));
    EXPECT_THAT(refusal_of("[1,2,3] = 6\n"), StartsWith("examples:1:9: '='; expected -> between arguments and value"));
    EXPECT_THAT(refusal_of("[1,2,3]: 6\n"), StartsWith("examples:1:8: ':'; expected -> between arguments and value"));
}

TEST(ExampleFile, CommasAndCommentsMayStandBehindAnExample) {
    EXPECT_EQ(told("{\"in\": [3], \"out\": 6},\n{\"in\": [4], \"out\": 8}, // twice\n"), "x; [3] -> 6; [4] -> 8");
    EXPECT_EQ(told("[3] -> 6,  # twice\n[4] -> 8 // twice\n"), "x; [3] -> 6; [4] -> 8");
    EXPECT_EQ(told("\"a # b\" -> \"//\"  # no comment inside of quotes\n"), "x; \"a # b\" -> \"//\"");
    EXPECT_EQ(told("[ # ours\n [[3],6], // one\n [[4],8]\n]\n"), "x; [3] -> 6; [4] -> 8");
}

TEST(ExampleFile, WordsAndQuotesOfPythonAreRead) {
    EXPECT_EQ(told("[1] -> True\n[2] -> False\n"), "x; [1] -> true; [2] -> false");
    EXPECT_EQ(told("{'in': 'True', 'out': [True, False]}\n"), "x; \"True\" -> [true,false]");
    EXPECT_EQ(told("\"it's\" -> 'ok'\n"), "x; \"it's\" -> \"ok\"");
    EXPECT_THAT(refusal_of("'say \"hi\"' -> 1\n"), HasSubstr("expected text in double quotes"));
    EXPECT_THAT(refusal_of("{in: [3], out: 6}\n"), StartsWith("examples:1:2: 'in'; expected a key in double quotes"));
    EXPECT_THAT(refusal_of("{\"in\": None, \"out\": 6}\n"), StartsWith("examples:1: key 'in': null"));
}

TEST(ExampleFile, ExamplesMayStandInsideOfAnObject) {
    EXPECT_EQ(told("{\"examples\": [{\"input\": [1,2], \"output\": 3}, {\"input\": [5], \"output\": 5}]}"), "x; [1,2] -> 3; [5] -> 5");
    EXPECT_EQ(told("{\"name\": \"sums\",\n \"examples\": [[[1,2],3],[[5],5]]}"), "x; [1,2] -> 3; [5] -> 5");
    const std::string grids = "{\"train\": [{\"input\": [[0]], \"output\": [[1]]}],\n \"test\": [{\"input\": [[1]], \"output\": [[0]]}]}";
    EXPECT_EQ(told(grids), "x; [[0]] -> [[1]]");
    EXPECT_EQ(notes_on(grids), "only 'train' is read; 'test' (1) is left aside\n");
    EXPECT_EQ(told("{\"cases\": [{\"in\": 1, \"out\": 2}]}"), "x; 1 -> 2");
    EXPECT_EQ(told("{\"examples\": [1,2], \"out\": 3}"), "examples; [1,2] -> 3") << "an argument of that name";
    EXPECT_THAT(refusal_of("{\"examples\": []}"), StartsWith("examples:1: a list without examples"));
    EXPECT_THAT(refusal_of("{\"examples\": [\n {\"in\": 1}]}"), StartsWith("examples:2: an example without \"out\""));
}

TEST(ExampleFile, NumbersBeyondSixtyFourBitsAreRefusedWithTheirPlace) {
    EXPECT_EQ(told("[9223372036854775807] -> -9223372036854775807\n"), "x; [9223372036854775807] -> -9223372036854775807");
    EXPECT_THAT(refusal_of("[1] -> 1\n[-9223372036854775808] -> 1\n"),
                StartsWith("examples:2: an argument: -9223372036854775808; expected a whole number of at least -9223372036854775807"));
    EXPECT_THAT(refusal_of("[1] -> 1\n[9223372036854775808] -> 1\n"), StartsWith("examples:2: an argument: 9223372036854775808, a number beyond 64 bits"));
    EXPECT_THAT(refusal_of("[1] -> 1\n[-99999999999999999999] -> 1\n"), HasSubstr("beyond 64 bits"));
    EXPECT_THAT(refusal_of("[1] -> 1\n[1e400] -> 1\n"), StartsWith("examples:2:2: '1e400'; expected a whole number"));
}

TEST(ExampleFile, WhatIsRefusedSaysWhatToWrite) {
    const auto refused = [](const std::string& text, const std::string& place, const std::string& expected) {
        EXPECT_THAT(refusal_of(text), testing::AllOf(StartsWith("examples:" + place + ": "), HasSubstr("expected " + expected))) << text;
        EXPECT_TRUE(are_list_examples(text)) << text;
    };
    refused("{\"in\":[1],\"out\":1} {\"in\":[2],\"out\":2}\n", "1:20", "',' before it, or one example a line");
    refused("{\"in\":[1],\"out\":1},{\"in\":[2],\"out\":2}\n", "1:19", "one example a line, or [ and ] around all");
    refused("[1 -> 2, 3 -> 4]\n", "1:5", "arrows outside of brackets, one example a line");
    refused("{\"in\": \"a\\qb\", \"out\": 1}\n", "1:11", "an escape of JSON");
    refused("{\"in\": \"\\ud800\", \"out\": 1}\n", "1:8", "text whose \\u escapes are characters");
    refused("[1] \u21d2 2\n", "1:5", "-> between arguments and value");
    refused("[1] | 2\n", "1:5", "-> between arguments and value");
    refused("[1] -> 1;\n", "1:9", "',' between arguments, and nothing behind an example");
    refused("[1,\u00a02] -> 3\n", "1:4", "an ordinary blank");
    refused("{\"easy\": [{\"in\":1,\"out\":2}],\n \"hard\": [{\"in\":3,\"out\":4}]}", "1:2", "examples under one key");
    refused("[1] -> Infinity\n", "1:8", "a value such as 7");
    refused("[NaN] -> 1\n", "1:2", "a value such as 7");
    refused("- [1] -> 1\n", "1:1", "a whole number");
    refused("1. [1] -> 1\n", "1:1", "a whole number");
    refused("[01] -> 1\n", "1:2", "a whole number");
    refused("reverse the list\n", "1:1", "an example such as");
    refused("examples\n[1] -> 1\n", "1:1", "an example such as");
    refused("{\"in\" [1], \"out\": 2}\n", "1:7", "',' or ':' before it");
    refused("[1] -> 1\n]\n", "2:1", "an example such as");
    refused("\"abc -> 3\n\"de\" -> 2\n", "1:1", "a closing \"");
    refused("{\"in\":[1],\"out\":1\n{\"in\":[2],\"out\":2}\n", "1:1", "its '}'");
    refused(std::string(100'000, '['), "1:100000", "its ']'");
}

TEST(ExampleFile, LinesMayEndAsOnOldMachines) {
    EXPECT_EQ(told("[1] -> 1\r[2] -> 2\r"), "x; [1] -> 1; [2] -> 2");
    EXPECT_EQ(told("a,out\r1,1\r2,2"), "a; 1 -> 1; 2 -> 2");
}

TEST(ExampleFile, OtherEncodingsAreNamed) {
    EXPECT_EQ(refusal_of(std::string("\xff\xfe[\0001\0", 6)), "examples: text in UTF-16; expected UTF-8: save the file in that encoding\n");
    EXPECT_THAT(refusal_of("\"ab\" -> 2\n\"caf\xe9\" -> 4\n"), StartsWith("examples:2:5: byte 0xe9; expected text in UTF-8"));
    EXPECT_THAT(refusal_of("\"ab\" -> 2\n\u201ccd\u201d -> 2\n"), StartsWith("examples:2:1: '\u201ccd\u201d'; expected text in double quotes"));
    EXPECT_THAT(refusal_of("name,out\nab,2\ncaf\xe9,4\n"), StartsWith("examples:3:4: byte 0xe9; expected text in UTF-8"));
    EXPECT_TRUE(are_list_examples(std::string("[1] -> 2\n\0", 10)));
}

TEST(ExampleFile, AfterFiftyErrorsNoMoreAreShown) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "[1] -> \n";
    EXPECT_EQ(parse_examples(text, "examples").error().size(), 51u);
    EXPECT_THAT(refusal_of(text), HasSubstr("examples:51: more errors"));
}

/// The same examples in one form after the other.
std::vector<std::string> all_forms(const std::vector<std::pair<std::string, std::string>>& examples) {
    std::vector<std::string> forms(9);
    for (const auto& [in, out] : examples) {
        const bool last = &examples.back().first == &in;
        forms[0] += in + " -> " + out + "\n";
        forms[1] += in + " => " + out + ", # a comment\n\n";
        forms[2] += "{\"in\": " + in + ", \"out\": " + out + "}\n";
        forms[3] += (forms[3].empty() ? "[" : ",\n ") + ("{\n\"output\": " + out + ",\n\"input\": " + in + "}") + (last ? "]" : "");
        forms[4] += (forms[4].empty() ? "[" : ",\n ") + ("[" + in + ",\n" + out + "]") + (last ? "]" : "");
        forms[5] += (forms[5].empty() ? "{\"examples\": [" : ", ") + ("{'Input': " + in + ", 'expected': " + out + "}") + (last ? "]}" : "");
        forms[6] += (forms[6].empty() ? "x;out\n" : "") + in + ";" + out + "\r\n";
        forms[7] += (forms[7].empty() ? "x,out\n" : "") + ("\"" + in + "\",\"" + out + "\"\n");
        forms[8] += (forms[8].empty() ? "out\tx\n" : "") + out + "\t" + in + "\n";
    }
    return forms;
}

TEST(ExampleFile, EveryFormSaysTheSame) {
    for (std::uint64_t i = 0; i < 300; ++i) {
        base::RandomStream random(4, base::Purpose::test, i);
        const auto list = [&] {
            std::vector<std::int64_t> numbers;
            for (auto length = random.below(4); length > 0; --length) numbers.push_back(static_cast<std::int64_t>(random.below(200)) - 100);
            return values::to_text(values::list_of(numbers));
        };
        std::vector<std::pair<std::string, std::string>> examples;
        std::string wanted = "x";
        const bool number = random.below(2) == 0;
        // Three at least: two pairs of lists may be one.
        const std::uint32_t count = 3 + random.below(3);
        for (std::uint32_t k = 0; k < count; ++k) {
            examples.emplace_back("[" + std::to_string(k) + ",7]", number ? std::to_string(random.below(9)) : list());
            wanted += "; " + examples.back().first + " -> " + examples.back().second;
        }
        for (const std::string& form : all_forms(examples)) {
            ASSERT_EQ(told(form), wanted) << form;
            ASSERT_TRUE(are_list_examples(form)) << form;
        }
    }
}

TEST(ExampleFile, ExamplesOfMachinesAreNotTakenForThese) {
    EXPECT_FALSE(are_list_examples("{\"memory\": [3,1,2], \"expect\": {\"memory\": [1,2,3]}}\n"));
    EXPECT_TRUE(are_list_examples("\x7f nonsense")) << "who writes nothing that is known is shown the forms of lists";
    EXPECT_FALSE(are_list_examples("{\"memory\": [3"));
    EXPECT_TRUE(are_list_examples("[1,2] => 3\n")) << "who writes this means a list";
}

TEST(ExampleFile, ExamplesOfMachinesThatNoMachineCanTakeAreReadAsLists) {
    const std::string sorted = "{\"memory\": [3,1,2], \"expect\": {\"memory\": [1,2,3]}}";
    for (const std::string& text :
         {std::string("{\"memory\": [3,1,2], \"expect\": {\"memory\": [1,2]}}"), std::string("{\"memory\": [3,1], \"expect\": 4}"),
          std::string("{\"memory\": [3,-1], \"expect\": {\"memory\": [-1,3]}}"), "[" + sorted + "]", "# sorted\n" + sorted,
          std::string("{\"memory\": [300], \"expect\": {\"memory\": [301]}}"), std::string("{\"memory\": [1.0], \"expect\": [1]}")}) {
        EXPECT_TRUE(are_list_examples(text)) << text;
        EXPECT_EQ(read_examples(text).rows.size(), 1u) << text;
    }
    EXPECT_TRUE(are_list_examples(sorted + "\n{\"memory\": [2,1], \"expect\": {\"memory\": [1,2]}}"));
    EXPECT_TRUE(are_list_examples("[" + sorted + ",\n" + sorted + "]"));
    EXPECT_FALSE(are_list_examples(sorted));
    EXPECT_FALSE(are_list_examples("{\"memory\": [3,1], \"expect\": {\"memory\": [4,null]}}"));
    EXPECT_FALSE(are_list_examples("{\"memory\": [3,1], \"expect\": {\"registers\": [4]}}"));
}

TEST(ExampleFile, MutatedFilesAreReadOrRefused) {
    const std::vector<std::string> good{"{\"x\": [3,1], \"k\": -2, \"out\": [1]}\n[3,1] -> \"ab\"\n[[1],[2]]\nx,y\n\"[1]\",2\n",
                                        "x;k;out\n\"a \"\"b\"\"\";[1,2];TRUE\n;1;false\n", "[[[1,2],[3]],\n [[4],[5]]]\n",
                                        "{'examples': [{'input': {'n': 1}, 'Output': True}], # ours\n \"test\": []}\n",
                                        "{\"memory\": [3,1], \"expect\": {\"memory\": [1,3]}}\n[1], 'it' => 7, // sum\n\"\xe2\x86\x92\" \xe2\x86\x92 \"\\u00e9\"\n"};
    const std::string bytes = "[]{}\"',:;->=#/\\01-e.tT \t\r\n\xff\xe2";
    for (std::uint64_t i = 0; i < 30'000; ++i) {
        base::RandomStream random(4, base::Purpose::test, i);
        std::string text = good[i % good.size()];
        text = text.substr(random.below(static_cast<std::uint32_t>(text.size())) / 2);
        for (auto edits = random.below(5); edits > 0; --edits)
            text[random.below(static_cast<std::uint32_t>(text.size()))] = bytes[random.below(static_cast<std::uint32_t>(bytes.size()))];
        are_list_examples(text);
        const auto examples = parse_examples(text, "examples");
        if (!examples) {
            ASSERT_FALSE(examples.error().empty());
            for (const base::Diagnostic& each : examples.error()) ASSERT_FALSE(each.found.empty() || each.expected.empty()) << text;
        }
    }
}

} // namespace
} // namespace ropewalk::synthesis
