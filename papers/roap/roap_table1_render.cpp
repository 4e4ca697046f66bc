#include <fmt/format.h>

#include "papers/roap/roap_table1_state.hpp"
#include "ropewalk/base/json.hpp"

namespace ropewalk::papers {

using Json = nlohmann::ordered_json;

namespace {

/// The paper counts 500 tasks; tables compare shares.
constexpr double paper_tasks = 500;

std::string number(const std::optional<double>& value) {
    return value ? fmt::format("{:.5f}", *value) : std::string{};
}

} // namespace

std::string to_json(const RoapTable1& table) {
    Json rows = Json::array();
    for (const RoapRow& row : table.rows) {
        Json object = row_json(row);
        for (const RoapRunResult& run : row.runs)
            object["runs"].push_back(
                {{"train_loss", run.train_loss}, {"programs_right", run.programs_right}});
        object["paper"] = {{"programs_right", row.paper.programs_right},
                           {"tasks", paper_tasks},
                           {"symbolic_loss", row.paper.symbolic_loss},
                           {"test_loss", row.paper.test_loss}};
        rows.push_back(std::move(object));
    }
    return base::json_text(Json{{"experiment", "roap-table1"},
                                {"complete", table.complete},
                                {"symbols", table.symbols_given ? "given" : "learned"},
                                {"settings", base::parse_json<Json>(table.settings)},
                                {"rows", rows}},
                           2) +
           "\n";
}

std::string to_csv(const RoapTable1& table) {
    std::string text = "row,tasks,programs_right,paper_programs_right_of_500,symbolic_loss,"
                       "symbolic_loss_modulo_gauge,paper_symbolic_loss,train_loss,test_loss,"
                       "test_loss_normalised,paper_test_loss,nodes,operators,live_lines,right_nodes,steps,"
                       "skipped_steps,seconds,processor_seconds\n";
    for (const RoapRow& row : table.rows)
        text += fmt::format("{},{},{},{},{},{},{},{:.6g},{:.6g},{:.6g},{},{:.2f},{:.2f},{:.2f},{:.2f},{},{},"
                            "{:.1f},{:.1f}\n",
                            row.name, row.tasks, row.programs_right, row.paper.programs_right,
                            number(row.symbolic_loss), number(row.modulo_gauge), row.paper.symbolic_loss,
                            row.train_loss, row.test_loss, row.test_loss_normalised, row.paper.test_loss,
                            row.size.nodes, row.size.operators, row.size.live_lines, row.right_size.nodes,
                            row.steps, row.skipped, row.seconds, row.processor_seconds);
    return text;
}

std::string to_markdown(const RoapTable1& table) {
    std::string text =
        "| row | programs right % | paper % | symbolic loss | modulo gauge | paper | test loss | "
        "paper | nodes | operators | live lines | steps | s | processor s |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    for (const RoapRow& row : table.rows)
        text += fmt::format(
            "| {} | {:.1f} | {:.1f} | {} | {} | {} | {:.4g} | {} | {:.1f} | {:.1f} | {:.1f} | {} | {:.0f} | "
            "{:.0f} |\n",
            row.name, 100.0 * static_cast<double>(row.programs_right) / static_cast<double>(row.tasks),
            100.0 * row.paper.programs_right / paper_tasks,
            row.symbolic_loss ? number(row.symbolic_loss) : "given",
            row.modulo_gauge ? number(row.modulo_gauge) : "given", row.paper.symbolic_loss, row.test_loss,
            row.paper.test_loss, row.size.nodes, row.size.operators, row.size.live_lines, row.steps,
            row.seconds, row.processor_seconds);
    for (const RoapRow& row : table.rows) {
        if (row.runs.size() < 2) continue;
        text += fmt::format(
            "\n{}: the run with the least training loss of {}, whose programs right and losses are", row.name,
            row.runs.size());
        for (const RoapRunResult& run : row.runs)
            text += fmt::format("{} {} ({:.4g})", &run == &row.runs.front() ? "" : ",", run.programs_right,
                                run.train_loss);
        text += ".\n";
    }
    return text;
}

} // namespace ropewalk::papers
