#include "ropewalk/learning/table_report.hpp"

#include <nlohmann/json.hpp>

namespace ropewalk::learning {

using Json = nlohmann::ordered_json;

std::optional<std::string> determined_text(const Learned& learned, std::size_t task) {
    // Of the outputs' variance; the search on a network that hardly reads yet is no better than that.
    constexpr double small_margin = 0.01;
    if (learned.table) return inference::text_of(learned.table->of_tasks[task]);
    if (learned.private_tables) return inference::text_of(learned.private_tables->of_tasks[task]);
    // Images have decided between formulas that errors hardly tell apart.
    if (learned.letters && learned.settled) return std::nullopt;
    const bool few = learned.decisions.size() <= LearnOptions().few_tasks;
    if (few && learned.decisions[task].margin < small_margin)
        return inference::text_of(inference::Determined::no);
    return std::nullopt;
}

std::string to_json(const PrivateTables& tables) {
    Json determined;
    for (const inference::Determined each :
         {inference::Determined::by_data, inference::Determined::by_alphabet,
          inference::Determined::by_network, inference::Determined::no})
        determined[inference::text_of(each)] = tables.count(each);
    return Json{{"tasks_determined", determined},
                {"alphabet", tables.alphabet},
                {"images", tables.images()},
                {"seconds", tables.seconds}}
        .dump();
}

std::string to_json(const inference::SymbolTable& table) {
    const inference::TableReading& first = table.readings.front();
    Json classes = Json::array();
    for (std::size_t c = 0; c < table.classes.count(); ++c)
        classes.push_back({{"images", table.classes.members[c].size()},
                           {"symbols", first.likely[c]},
                           {"determined", inference::text_of(table.of_classes[c])}});
    Json tasks;
    for (const inference::Determined each :
         {inference::Determined::by_data, inference::Determined::by_prior, inference::Determined::no})
        tasks[inference::text_of(each)] = inference::tasks_determined(table, each);
    return Json{{"tasks_determined", tasks},
                {"symbols_determined", inference::text_of(table.of_symbols())},
                {"alphabet", first.alphabet},
                {"spacing", inference::text_of(first.spacing)},
                {"continuum", first.continuum},
                {"readings", table.readings.size()},
                {"readings_as_likely", table.likeliest},
                {"classes", classes},
                {"seconds", table.seconds}}
        .dump();
}

} // namespace ropewalk::learning
