#include <map>

#include <fmt/format.h>

#include "papers/roap/roap_figures.hpp"
#include "papers/roap/roap_table1_state.hpp"
#include "ropewalk/base/json.hpp"

namespace ropewalk::papers {

using Json = nlohmann::ordered_json;

namespace {

bool is_by_difficulty(const RoapFigure& figure) { return figure.experiment == "roap-fig5"; }

double percent(std::size_t part, std::size_t all) {
    return all == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
}

std::string symbolic_loss(const RoapRow& row) {
    return row.symbolic_loss ? fmt::format("{:.5f}", *row.symbolic_loss) : "given";
}

/// Rows are values, columns difficulties.
std::string difficulties_table(const RoapFigure& figure) {
    std::map<std::int64_t, std::size_t> tasks;
    for (const RoapRow& row : figure.rows)
        for (const RoapDifficulty& count : row.by_difficulty) tasks[count.operators] = count.tasks;
    std::string text = "| L | programs right % |", rule = "|---|---|";
    for (const auto& [operators, count] : tasks) {
        text += fmt::format(" operators {} (% of {}) |", operators, count);
        rule += "---|";
    }
    text += " symbolic loss | processor s |\n" + rule + "---|---|\n";
    for (std::size_t i = 0; i < figure.rows.size(); ++i) {
        const RoapRow& row = figure.rows[i];
        text += fmt::format("| {:g} | {:.1f} |", figure.values[i], percent(row.programs_right, row.tasks));
        std::map<std::int64_t, double> shares;
        for (const RoapDifficulty& count : row.by_difficulty)
            shares[count.operators] = percent(count.programs_right, count.tasks);
        for (const auto& [operators, count] : tasks) text += fmt::format(" {:.1f} |", shares[operators]);
        text += fmt::format(" {} | {:.0f} |\n", symbolic_loss(row), row.processor_seconds);
    }
    return text;
}

std::string lengths_table(const RoapFigure& figure) {
    std::string text =
        "| lambda | programs right % | nodes | operators | live lines | nodes of the right ones | symbolic "
        "loss | processor s |\n|---|---|---|---|---|---|---|---|\n";
    for (std::size_t i = 0; i < figure.rows.size(); ++i) {
        const RoapRow& row = figure.rows[i];
        text += fmt::format("| {:g} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {} | {:.0f} |\n",
                            figure.values[i], percent(row.programs_right, row.tasks), row.size.nodes,
                            row.size.operators, row.size.live_lines, row.right_size.nodes, symbolic_loss(row),
                            row.processor_seconds);
    }
    return text;
}

/// Programs right and mean nodes of every value at every look.
std::string curves_table(const RoapFigure& figure) {
    std::string text = "| step |", rule = "|---|";
    for (const double value : figure.values) {
        text += fmt::format(" right %, lambda {:g} | nodes |", value);
        rule += "---|---|";
    }
    text += "\n" + rule + "\n";
    const std::size_t looks = figure.rows.empty() ? 0 : figure.rows.front().curve.size();
    for (std::size_t look = 0; look < looks; ++look) {
        text += fmt::format("| {} |", figure.rows.front().curve[look].step);
        for (const RoapRow& row : figure.rows)
            text += look < row.curve.size() ? fmt::format(" {:.1f} | {:.1f} |",
                                                          percent(row.curve[look].programs_right, row.tasks),
                                                          row.curve[look].nodes)
                                            : std::string(" | |");
        text += "\n";
    }
    return text;
}

} // namespace

std::string to_json(const RoapFigure& figure) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < figure.rows.size(); ++i) {
        Json object = row_json(figure.rows[i]);
        object["value"] = figure.values[i];
        rows.push_back(std::move(object));
    }
    return base::json_text(Json{{"experiment", figure.experiment},
                                {"complete", figure.complete},
                                {"symbols", figure.symbols_given ? "given" : "learned"},
                                {"settings", base::parse_json<Json>(figure.settings)},
                                {"rows", rows}},
                           2) +
           "\n";
}

std::string to_csv(const RoapFigure& figure) {
    std::string text = is_by_difficulty(figure) ? "lines,operators,tasks,programs_right\n"
                                                : "lambda,step,tasks,programs_right,nodes,loss\n";
    for (std::size_t i = 0; i < figure.rows.size(); ++i) {
        const RoapRow& row = figure.rows[i];
        if (is_by_difficulty(figure))
            for (const RoapDifficulty& count : row.by_difficulty)
                text += fmt::format("{:g},{},{},{}\n", figure.values[i], count.operators, count.tasks,
                                    count.programs_right);
        else
            for (const papers::RoapCheck& check : row.curve)
                text += fmt::format("{:g},{},{},{},{:.2f},{:.6g}\n", figure.values[i], check.step, row.tasks,
                                    check.programs_right, check.nodes, check.loss);
    }
    return text;
}

std::string to_markdown(const RoapFigure& figure) {
    return is_by_difficulty(figure) ? difficulties_table(figure)
                                    : lengths_table(figure) + "\n" + curves_table(figure);
}

} // namespace ropewalk::papers
