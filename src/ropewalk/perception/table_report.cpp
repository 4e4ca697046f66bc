#include "ropewalk/perception/table_report.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "ropewalk/perception/alphabet.hpp"

namespace ropewalk::perception {

using Json = nlohmann::ordered_json;

namespace {

const char* text_of(Spacing spacing) {
    switch (spacing) {
    case Spacing::multiples: return "multiples";
    case Spacing::even: return "even";
    default: return "arbitrary";
    }
}

} // namespace

std::optional<std::string> determined_text(const Learned& learned, std::size_t task) {
    // Of the outputs' variance; the search on a network that hardly reads yet is no better than that.
    constexpr double small_margin = 0.01;
    if (learned.table) return text_of(learned.table->of_tasks[task]);
    if (learned.private_tables) return text_of(learned.private_tables->of_tasks[task]);
    // Images have decided between formulas that errors hardly tell apart.
    if (learned.letters && learned.settled) return std::nullopt;
    const bool few = learned.decisions.size() <= LearnOptions().few_tasks;
    if (few && learned.decisions[task].margin < small_margin) return text_of(Determined::no);
    return std::nullopt;
}

std::vector<OtherReading> other_readings(const SymbolTable& table, std::size_t task, std::size_t most) {
    std::vector<OtherReading> others;
    for (std::size_t r = 1; r < table.readings.size() && others.size() < most; ++r) {
        OtherReading other{table.readings[r].formulas[task], table.readings[r].alphabet, r < table.likeliest};
        if (std::none_of(others.begin(), others.end(), [&](const OtherReading& each) {
                return each.formula == other.formula && same_alphabet(each.alphabet, other.alphabet, 1e-6);
            }))
            others.push_back(std::move(other));
    }
    return others;
}

std::size_t tasks_determined(const SymbolTable& table, Determined determined) {
    return static_cast<std::size_t>(std::count(table.of_tasks.begin(), table.of_tasks.end(), determined));
}

std::size_t classes_determined(const SymbolTable& table, Determined determined) {
    return static_cast<std::size_t>(std::count(table.of_classes.begin(), table.of_classes.end(), determined));
}

std::string to_json(const PrivateTables& tables) {
    Json determined;
    for (const Determined each :
         {Determined::by_data, Determined::by_alphabet, Determined::by_network, Determined::no})
        determined[text_of(each)] = tables.count(each);
    return Json{{"tasks_determined", determined},
                {"alphabet", tables.alphabet},
                {"images", tables.images()},
                {"seconds", tables.seconds}}
        .dump();
}

std::string to_json(const SymbolTable& table) {
    const TableReading& first = table.readings.front();
    Json classes = Json::array();
    for (std::size_t c = 0; c < table.classes.count(); ++c)
        classes.push_back({{"images", table.classes.members[c].size()},
                           {"symbols", first.likely[c]},
                           {"determined", text_of(table.of_classes[c])}});
    Json tasks;
    for (const Determined each : {Determined::by_data, Determined::by_prior, Determined::no})
        tasks[text_of(each)] = tasks_determined(table, each);
    return Json{{"tasks_determined", tasks},
                {"symbols_determined", text_of(table.of_symbols())},
                {"alphabet", first.alphabet},
                {"spacing", text_of(first.spacing)},
                {"continuum", first.continuum},
                {"readings", table.readings.size()},
                {"readings_as_likely", table.likeliest},
                {"classes", classes},
                {"seconds", table.seconds}}
        .dump();
}

} // namespace ropewalk::perception
