#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "papers/roap/roap_table2_state.hpp"
#include "ropewalk/base/json.hpp"

namespace ropewalk::papers {

using Json = nlohmann::ordered_json;

namespace {

/// The runs with one number of tasks, taken together.
struct Line {
    std::size_t tasks = 0;
    int runs = 0, grounded = 0, all_right = 0, claimed = 0;
    std::size_t programs_right = 0, by_data = 0, by_prior = 0, undetermined = 0, unexamined = 0;
    double best_loss = std::numeric_limits<double>::infinity();
    double modulo_gauge = 0, seconds = 0, processor_seconds = 0; ///< means
};

std::vector<Line> lines_of(const RoapTable2& table) {
    std::vector<Line> lines;
    for (const RoapTable2Run& run : table.runs) {
        if (lines.empty() || lines.back().tasks != run.tasks) lines.push_back({.tasks = run.tasks});
        Line& line = lines.back();
        ++line.runs;
        line.grounded += run.grounded();
        line.all_right += run.programs_right == run.tasks;
        line.claimed += run.claimed();
        line.programs_right += run.programs_right;
        line.by_data += run.by_data;
        line.by_prior += run.by_prior;
        line.undetermined += run.undetermined;
        if (!run.table) line.unexamined += run.tasks;
        line.best_loss = std::min(line.best_loss, run.symbolic_loss);
        line.modulo_gauge += run.modulo_gauge;
        line.seconds += run.seconds;
        line.processor_seconds += run.processor_seconds;
    }
    for (Line& line : lines)
        for (double* sum : {&line.modulo_gauge, &line.seconds, &line.processor_seconds}) *sum /= line.runs;
    return lines;
}

/// The paper's share of runs that ground their symbols, by the number of tasks.
const char* paper_rate(std::size_t tasks) { return tasks == 1 ? "10.5" : tasks == 500 ? "33.3" : ""; }

std::string rate(int count, int total) {
    const base::Proportion share = base::wilson(count, total);
    return fmt::format("{:.0f} ({:.0f} to {:.0f})", 100 * share.rate, 100 * share.low, 100 * share.high);
}

Json count_json(const RoapAlone::Count& count) {
    return {{"formulas", count.formulas},
            {"right", count.right},
            {"symbols_claimed", count.symbols_claimed},
            {"symbols_right", count.symbols_right}};
}

std::string alone_markdown(const RoapAlone& alone) {
    std::string text =
        "\n| a formula as the only task is determined | formulas | formula right | all symbols "
        "claimed | all symbols right |\n|---|---|---|---|---|\n";
    for (const auto& [name, count] :
         {std::pair{"by the data", alone.by_data}, std::pair{"by the prior", alone.by_prior},
          std::pair{"not", alone.undetermined}})
        text += fmt::format("| {} | {} | {} | {} | {} |\n", name, count.formulas, count.right,
                            count.symbols_claimed, count.symbols_right);
    return text;
}

} // namespace

std::string to_json(const RoapTable2& table) {
    Json runs = Json::array();
    for (const RoapTable2Run& run : table.runs) runs.push_back(run_json(run));
    Json object{{"experiment", "roap-table2"},
                {"complete", table.complete},
                {"settings", base::parse_json<Json>(table.settings)},
                {"steps", table.steps},
                {"paper_percent_grounded", {{"1", 10.5}, {"500", 33.3}}},
                {"runs", runs}};
    if (table.alone)
        object["alone"] = {{"by_data", count_json(table.alone->by_data)},
                           {"by_prior", count_json(table.alone->by_prior)},
                           {"undetermined", count_json(table.alone->undetermined)},
                           {"seconds", table.alone->seconds}};
    return base::json_file_text(object);
}

std::string to_csv(const RoapTable2& table) {
    std::string text = "tasks,seed,programs_right,symbolic_loss,symbolic_loss_modulo_gauge,grounded,table,"
                       "determined_by_data,determined_by_prior,undetermined,symbols_determined,seconds,"
                       "processor_seconds\n";
    for (const RoapTable2Run& run : table.runs)
        text += fmt::format("{},{},{},{:.6f},{:.6f},{},{},{},{},{},{},{:.2f},{:.2f}\n", run.tasks, run.seed,
                            run.programs_right, run.symbolic_loss, run.modulo_gauge, run.grounded() ? 1 : 0,
                            run.table ? 1 : 0, run.by_data, run.by_prior, run.undetermined, run.symbols,
                            run.seconds, run.processor_seconds);
    return text;
}

std::string to_markdown(const RoapTable2& table) {
    std::string text = "| tasks | runs | grounded % | paper % | all programs right % | programs right | "
                       "formulas by the data "
                       "| by the prior | not | not examined | runs fully determined | best symbolic loss | "
                       "modulo gauge, mean "
                       "| s | processor s |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    for (const Line& line : lines_of(table))
        text += fmt::format(
            "| {} | {} | {} | {} | {} | {} of {} | {} | {} | {} | {} | {} | {:.5f} | {:.5f} | {:.1f} | "
            "{:.1f} |\n",
            line.tasks, line.runs, rate(line.grounded, line.runs), paper_rate(line.tasks),
            rate(line.all_right, line.runs), line.programs_right,
            line.tasks * static_cast<std::size_t>(line.runs), line.by_data, line.by_prior, line.undetermined,
            line.unexamined, line.claimed, line.best_loss, line.modulo_gauge, line.seconds,
            line.processor_seconds);
    if (table.alone) text += alone_markdown(*table.alone);
    return text;
}

} // namespace ropewalk::papers
