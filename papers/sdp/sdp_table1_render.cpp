#include <fmt/format.h>

#include "papers/sdp/sdp_table1.hpp"
#include "ropewalk/base/json.hpp"

namespace ropewalk::papers {

using Json = nlohmann::ordered_json;

std::string to_json(const Table1& table) {
    Json list = Json::array();
    for (const Table1Cell& cell : table.cells) {
        const tuning::Recovered& r = cell.recovered;
        const auto measures = [&](double base::Proportion::*member) {
            return Json{
                {"soft", r.soft.*member}, {"hard", r.hard.*member}, {"certified", r.certified.*member}};
        };
        list.push_back({{"row", cell.row},
                        {"column", cell.task},
                        {"measured", measures(&base::Proportion::rate)},
                        {"low", measures(&base::Proportion::low)},
                        {"high", measures(&base::Proportion::high)},
                        {"repaired", r.repaired},
                        {"paper", cell.paper ? Json(*cell.paper / 100.0) : Json(nullptr)}});
    }
    return base::json_text(Json{{"experiment", "sdp-table1"}, {"complete", table.complete}, {"rows", list}},
                           2) +
           "\n";
}

std::string to_csv(const Table1& table) {
    std::string text = "row,task,restarts,soft,soft_low,soft_high,hard,hard_low,hard_high,certified,"
                       "certified_low,certified_high,repaired,paper\n";
    for (const Table1Cell& cell : table.cells) {
        const tuning::Recovered& r = cell.recovered;
        text += fmt::format("{},{},{}", cell.row, cell.task, r.soft.total);
        for (const base::Proportion& p : {r.soft, r.hard, r.certified})
            text += fmt::format(",{:.4f},{:.4f},{:.4f}", p.rate, p.low, p.high);
        text +=
            fmt::format(",{},{}\n", r.repaired, cell.paper ? fmt::format("{:.2f}", *cell.paper / 100.0) : "");
    }
    return text;
}

std::string to_markdown(const Table1& table) {
    std::string text = "| initialisation | task | soft % | hard % | certified % | of these repaired | paper "
                       "(soft) % |\n|---|---|---|---|---|---|---|\n";
    const auto percent = [](const base::Proportion& p) {
        return fmt::format("{:.0f} ({:.0f}-{:.0f})", 100 * p.rate, 100 * p.low, 100 * p.high);
    };
    for (const Table1Cell& cell : table.cells)
        text += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", cell.row, cell.task,
                            percent(cell.recovered.soft), percent(cell.recovered.hard),
                            percent(cell.recovered.certified), cell.recovered.repaired,
                            cell.paper ? std::to_string(*cell.paper) : "-");
    return text;
}

} // namespace ropewalk::papers
