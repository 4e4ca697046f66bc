#include "ropewalk/images/learning/table_report.hpp"

#include "ropewalk/base/json.hpp"

namespace ropewalk::learning {

using Json = nlohmann::ordered_json;

std::optional<std::string> determined_text(const Learned& learned, std::size_t task) {
    // Of the outputs' variance; the search on a network that hardly reads yet is no better than that.
    constexpr double small_margin = 0.01;
    if (learned.table) return identification::text_of(learned.table->of_tasks[task]);
    if (learned.private_tables) return identification::text_of(learned.private_tables->of_tasks[task]);
    // Images have decided between formulas that errors hardly tell apart.
    if (learned.letters && learned.settled) return std::nullopt;
    const bool few = learned.decisions.size() <= LearnOptions().few_tasks;
    if (few && learned.decisions[task].margin < small_margin)
        return identification::text_of(identification::Determined::no);
    return std::nullopt;
}

std::string to_json(const PrivateTables& tables) {
    Json determined;
    for (const identification::Determined each :
         {identification::Determined::by_data, identification::Determined::by_alphabet,
          identification::Determined::by_network, identification::Determined::no})
        determined[identification::text_of(each)] = tables.count(each);
    return base::json_text(Json{{"tasks_determined", determined},
                                {"alphabet", tables.alphabet},
                                {"images", tables.images()},
                                {"seconds", tables.seconds}});
}

std::string to_json(const identification::SymbolTable& table) {
    const identification::TableReading& first = table.readings.front();
    Json classes = Json::array();
    for (std::size_t c = 0; c < table.classes.count(); ++c)
        classes.push_back({{"images", table.classes.members[c].size()},
                           {"symbols", first.likely[c]},
                           {"determined", identification::text_of(table.of_classes[c])}});
    Json tasks;
    for (const identification::Determined each :
         {identification::Determined::by_data, identification::Determined::by_prior,
          identification::Determined::no})
        tasks[identification::text_of(each)] = identification::tasks_determined(table, each);
    return base::json_text(Json{{"tasks_determined", tasks},
                                {"symbols_determined", identification::text_of(table.of_symbols())},
                                {"alphabet", first.alphabet},
                                {"spacing", identification::text_of(first.spacing)},
                                {"continuum", first.continuum},
                                {"readings", table.readings.size()},
                                {"readings_as_likely", table.likeliest},
                                {"classes", classes},
                                {"seconds", table.seconds}});
}

} // namespace ropewalk::learning
