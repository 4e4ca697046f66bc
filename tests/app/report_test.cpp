// Pages for people: complete, self-contained, and safe whatever names the input has.
#include "tests/app/command.hpp"

namespace ropewalk::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class Reports : public Command {
protected:
    /// The page of a record, which must be one.
    std::string page_of(const std::string& record) const {
        const Outcome outcome = run({"report", record, "-o", path("page.html"), "--force"});
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        return read(path("page.html"));
    }

    static void expect_self_contained(const std::string& page) {
        EXPECT_THAT(page, testing::StartsWith("<!doctype html>"));
        EXPECT_THAT(page, HasSubstr("default-src 'none'"));
        for (const char* outside : {"src=\"http", "href=\"http", "url(http", "@import"})
            EXPECT_THAT(page, Not(HasSubstr(outside)));
        EXPECT_LT(page.size(), 200'000u);
    }
};

TEST_F(Reports, ShowAFormulaWithItsFitAndFront) {
    const std::string table = write("t.csv", "x,y\n1,3\n2,5\n3,7\n4,9\n5,11\n6,13\n");
    const Outcome answer = run({"formula", table, "--seconds", "20", "--json"});
    ASSERT_EQ(answer.code, 0) << answer.err;
    const std::string page = page_of(write("answer.json", answer.out));
    expect_self_contained(page);
    EXPECT_THAT(page, HasSubstr("exact on every row"));
    EXPECT_THAT(page, HasSubstr("The table&#39;s rows, and the formula as a line."));
    ASSERT_EQ(run({"formula", table, "--seconds", "20", "--report", path("at-once.html")}).code, 0);
    EXPECT_THAT(read(path("at-once.html")), HasSubstr("exact on every row"));
    fs::remove(table);
    EXPECT_THAT(page_of(path("answer.json")), Not(HasSubstr("The table&#39;s rows")));
}

TEST_F(Reports, EscapeNamesOfColumns) {
    const std::string table =
        write("t.csv", "<script>alert(1)</script>,y\n1,3\n2,5\n3,7\n4,9\n5,11\n6,13\n");
    const std::string page = page_of(write("answer.json", run({"formula", table, "--seconds", "20", "--json"}).out));
    EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
    EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)"));
}

TEST_F(Reports, ShowATunedProgramWithItsWeightsAndARun) {
    const Outcome tuned = run({"tune", "--task", "map-dec", "--init", program("map_inc.asm"), "--restarts", "20", "-o", path("run")});
    ASSERT_EQ(tuned.code, 0) << tuned.err;
    const std::string page = page_of(path("run"));
    expect_self_contained(page);
    for (const char* title : {"The program as assembly", "A run of the weights", "Its weights", "Restarts", "The certificate"})
        EXPECT_THAT(page, HasSubstr(title));
}

TEST_F(Reports, ShowAProgramOverLists) {
    const std::string sums = write("sums.txt", "[3,-1,2] -> 5\n[-5,4] -> 4\n[2,7,-1,8] -> 17\n[-1] -> 0\n");
    const std::string page = page_of(write("answer.json", run({"induce", sums, "--seconds", "30", "--json"}).out));
    expect_self_contained(page);
    EXPECT_THAT(page, HasSubstr("solve(x: [int]) -&gt; int:"));
}

TEST_F(Reports, ShowTablesOfAFolder) {
    fs::create_directory(folder / "tables");
    write("tables/begun.txt", "tables\n");
    write("tables/table.md", "| a | b |\n|---|---|\n| **1** | <i> |\n\nThe program:\n```\nx < 1\n```\n");
    write("tables/table.csv", "name,value\n<b>,1.5\n");
    const std::string page = page_of(path("tables"));
    EXPECT_THAT(page, HasSubstr("&lt;b&gt;"));
    EXPECT_THAT(page, HasSubstr("<td>1</td><td>&lt;i&gt;</td>"));
    EXPECT_THAT(page, HasSubstr("<pre><code>x &lt; 1\n</code></pre>"));
    EXPECT_THAT(page, Not(HasSubstr("---")));
    EXPECT_THAT(page, HasSubstr("1.5"));
}

TEST_F(Reports, RefuseWhatIsNoRecord) {
    EXPECT_THAT(run({"report", path("none"), "-o", path("p.html")}).err, HasSubstr("none"));
    EXPECT_EQ(run({"report", write("x.json", "[1, 2"), "-o", path("p.html")}).code, 2);
    EXPECT_THAT(run({"report", write("x.json", "{\"a\": 1}"), "-o", path("p.html")}).err, HasSubstr("no kind"));
    fs::create_directory(folder / "empty");
    EXPECT_THAT(run({"report", path("empty"), "-o", path("p.html")}).err, HasSubstr("none of `ropewalk reproduce`"));
    EXPECT_FALSE(fs::exists(path("p.html")));
    write("p.html", "mine");
    EXPECT_EQ(run({"report", write("y.json", "{\"front\": []}"), "-o", path("p.html")}).code, 2);
    EXPECT_EQ(read(path("p.html")), "mine");
}

TEST_F(Reports, SurviveRecordsThatPeopleHaveEdited) {
    for (const char* record : {R"({"front": [1, {"formula": 3}], "best": "x"})", R"({"recovered": null, "program": 3})",
                               R"({"found": true, "candidates": "many", "rival": {"program": null}})",
                               R"({"method": 1, "found": [null, {}], "settings": []})"})
        EXPECT_THAT(page_of(write("edited.json", record)), HasSubstr("</html>")) << record;
}

TEST_F(Reports, OfLongCommandsAreWrittenAsTheyGo) {
    const std::string table = write("t.csv", "x,y\n1,3\n2,5\n3,7\n4,9\n5,11\n6,13\n");
    const std::string lists = write("l.txt", "[3,-1,2] -> 5\n[-5,4] -> 4\n[2,7,-1,8] -> 17\n[-1] -> 0\n");
    const std::vector<std::pair<std::vector<std::string>, std::string>> commands{
        {{"formula", table, "--seconds", "20"}, "exact on every row"},
        {{"induce", lists, "--seconds", "30"}, "Right on all examples"},
        {{"induce", "--task", "copy", "--seconds", "30"}, "The program as assembly"},
        {{"tune", "--task", "map-dec", "--init", program("map_inc.asm"), "--restarts", "20"}, "Restarts"},
        {{"reproduce", "sequences", "--tasks", "parity", "--seeds", "1", "--seconds", "5", "-o", path("sequences")}, "Row by row"}};
    for (auto [command, text] : commands) {
        command.insert(command.end(), {"--report", path("page.html")});
        const Outcome first = run(command);
        EXPECT_LE(first.code, 1) << command[0] << first.err;
        expect_self_contained(read(path("page.html")));
        EXPECT_THAT(read(path("page.html")), HasSubstr(text)) << command[0];
        EXPECT_THAT(read(path("page.html")), Not(HasSubstr("http-equiv=\"refresh\""))) << command[0];
        // A page that is there is not replaced unasked, and nothing is computed for it.
        write("page.html", "mine");
        if (command[0] != "reproduce") {
            EXPECT_THAT(run(command).err, HasSubstr("page.html")) << command[0];
        }
        EXPECT_EQ(read(path("page.html")), "mine");
        fs::remove(path("page.html"));
    }
}

TEST_F(Reports, SayHowFarACommandIsAndWhyThereIsNoAnswer) {
    const pid_t process = start({"tune", "--task", "sort", "--restarts", "64", "--iterations", "1000000", "--seconds", "8", "--threads", "1",
                                 "--report", path("live.html")});
    std::string page;
    for (int i = 0; i < 70 && page.find("<td class=\"n\">") == std::string::npos; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        page = fs::exists(path("live.html")) ? read(path("live.html")) : "";
    }
    EXPECT_THAT(page, HasSubstr("Still running"));
    EXPECT_THAT(page, HasSubstr("http-equiv=\"refresh\""));
    EXPECT_THAT(page, HasSubstr("<progress"));
    expect_self_contained(page);
    finish(process);
    EXPECT_THAT(read(path("live.html")), Not(HasSubstr("Still running")));
}

TEST_F(Reports, EscapeNamesOfFilesAndTasks) {
    const std::string name = "<script>alert(2)<script>.jsonl";
    write(name, "{\"memory\":[3,1],\"expect\":{\"memory\":[4,2]}}\n{\"memory\":[0,5],\"expect\":{\"memory\":[1,6]}}\n");
    ASSERT_EQ(run({"induce", "--examples", path(name), "--seconds", "30", "-o", path("run"), "--report", path("live.html")}).code, 0);
    for (const std::string& page : {page_of(path("run")), read(path("live.html"))}) {
        EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
        EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(2)"));
    }
}

TEST_F(Reports, WalkThroughBothMachinesAndSayWhereTheyPart) {
    const Outcome outcome = run({"run", program("map_inc.asm"), "--memory", "3,1,4", "--gamma", "0.1", "--report", path("steps.html")});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const std::string page = read(path("steps.html"));
    expect_self_contained(page);
    EXPECT_THAT(page, HasSubstr("part company before step"));
    const Outcome text = run({"run", program("map_inc.asm"), "--memory", "3,1,4", "--gamma", "0.1", "--machine", "soft", "--trace"});
    EXPECT_THAT(text.out, HasSubstr("parts from the exact machine"));
    EXPECT_THAT(run({"run", program("map_inc.asm"), "--memory", "3,1,4", "--machine", "soft", "--trace"}).out,
                Not(HasSubstr("parts from")));
}

} // namespace
} // namespace ropewalk::cli
