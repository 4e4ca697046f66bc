#include "ropewalk/images/identification/symbol_table.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/identification/family_search.hpp"

namespace ropewalk::identification {

namespace {

constexpr double same_symbol = 1e-6;

bool alike(double a, double b) { return std::abs(a - b) <= same_symbol; }
bool in_range(double x) { return x > same_symbol && x <= 1 + same_symbol; }

using ClassValues = std::vector<std::vector<double>>; ///< [classes]

std::vector<double> alphabet_of(const ClassValues& classes) {
    std::vector<double> alphabet;
    for (const auto& values : classes)
        for (const double value : values)
            if (std::none_of(alphabet.begin(), alphabet.end(),
                             [&](double each) { return alike(each, value); }))
                alphabet.push_back(value);
    std::sort(alphabet.begin(), alphabet.end());
    return alphabet;
}

Spacing spacing_of(const std::vector<double>& alphabet) {
    if (alphabet.size() < 2) return Spacing::arbitrary;
    const double step = alphabet[1] - alphabet[0];
    for (std::size_t k = 1; k < alphabet.size(); ++k)
        if (!alike(alphabet[k], alphabet[0] + static_cast<double>(k) * step)) return Spacing::arbitrary;
    return alike(alphabet[0], step) ? Spacing::multiples : Spacing::even;
}

/// Those of the values for which `kept` holds; none at all where a class has none.
template<class Kept>
ClassValues filtered(const ClassValues& classes, const Kept& kept) {
    ClassValues result;
    for (const auto& values : classes) {
        result.emplace_back();
        std::copy_if(values.begin(), values.end(), std::back_inserter(result.back()), kept);
        if (result.back().empty()) return {};
    }
    return result;
}

/// The values that the prior takes for likely: multiples of the largest step such that every class has one
/// and none is left out between them; else what is in (0, 1].
ClassValues likely_of(const ClassValues& classes, AlphabetPrior prior) {
    if (prior == AlphabetPrior::any) return classes;
    std::vector<double> steps = alphabet_of(classes);
    std::reverse(steps.begin(), steps.end());
    for (const double step : steps) {
        if (!in_range(step)) continue;
        ClassValues multiples =
            filtered(classes, [&](double x) { return in_range(x) && alike(x, step * std::round(x / step)); });
        if (!multiples.empty() && spacing_of(alphabet_of(multiples)) == Spacing::multiples) return multiples;
    }
    ClassValues inside = filtered(classes, in_range);
    if (!inside.empty()) return inside;
    for (const auto& values : classes) {
        inside.push_back({values[0]});
        if (!in_range(values[0])) continue;
        inside.back().clear();
        std::copy_if(values.begin(), values.end(), std::back_inserter(inside.back()), in_range);
    }
    return inside;
}

TableReading reading_of(Family&& family, const TableQuestion& question) {
    TableReading reading{
        std::move(family.formulas), std::move(family.symbols.values), family.symbols.continuum, {}, {}};
    reading.likely = likely_of(reading.symbols, question.prior);
    reading.alphabet = alphabet_of(reading.likely);
    reading.spacing = spacing_of(reading.alphabet);
    reading.within = in_range(reading.alphabet.front()) && in_range(reading.alphabet.back());
    for (const std::size_t formula : reading.formulas)
        reading.operators +=
            static_cast<std::size_t>(formula::size(question.pool->formulas[formula]).operators);
    return reading;
}

/// Small is likely.
std::tuple<bool, Spacing, std::size_t> rank(const TableReading& reading, AlphabetPrior prior) {
    if (prior == AlphabetPrior::any) return {false, Spacing::multiples, reading.operators};
    return {!reading.within, reading.spacing, reading.operators};
}

/// Whether the prior leaves a single value for a class.
bool settled(const TableReading& reading, std::size_t c) { return reading.likely[c].size() == 1; }

void determine(SymbolTable& table, AlphabetPrior prior) {
    const auto& readings = table.readings;
    const TableReading& first = readings.front();
    const auto determined = [&](bool settled, const auto& agrees) {
        const auto end = readings.begin() + static_cast<std::ptrdiff_t>(table.likeliest);
        if (!settled || !std::all_of(readings.begin(), end, agrees)) return Determined::no;
        return std::all_of(end, readings.end(), agrees) ? Determined::by_data : Determined::by_prior;
    };
    // Of a continuum only some members are listed.
    const bool continuum = std::any_of(readings.begin(), readings.end(),
                                       [](const TableReading& each) { return each.continuum; });
    const Determined most = !continuum                     ? Determined::by_data
                            : prior == AlphabetPrior::even ? Determined::by_prior
                                                           : Determined::no;
    for (std::size_t t = 0; t < first.formulas.size(); ++t)
        table.of_tasks.push_back(std::min(most, determined(true, [&](const TableReading& each) {
                                              return each.formulas[t] == first.formulas[t];
                                          })));
    for (std::size_t c = 0; c < first.symbols.size(); ++c) {
        Determined symbol = determined(settled(first, c), [&](const TableReading& each) {
            return settled(each, c) && alike(each.likely[c][0], first.likely[c][0]);
        });
        const bool several = std::any_of(readings.begin(), readings.end(), [&](const TableReading& each) {
            return each.symbols[c].size() > 1;
        });
        if (several) symbol = std::min(symbol, Determined::by_prior);
        table.of_classes.push_back(std::min(most, symbol));
    }
}

/// Letters are read as in the first reading; those of classes with several values not at all.
void give_letters(SymbolTable& table) {
    const TableReading& first = table.readings.front();
    for (std::size_t c = 0; c < first.symbols.size(); ++c)
        if (settled(first, c)) table.alphabet.push_back(first.likely[c][0]);
    std::sort(table.alphabet.begin(), table.alphabet.end());
    for (std::size_t c = 0; c < first.symbols.size(); ++c) {
        const auto letter = std::find(table.alphabet.begin(), table.alphabet.end(), first.likely[c][0]);
        table.letters.push_back(settled(first, c) ? letter - table.alphabet.begin() : -1);
    }
}

} // namespace

const char* text_of(Spacing spacing) {
    switch (spacing) {
    case Spacing::multiples: return "multiples";
    case Spacing::even: return "even";
    default: return "arbitrary";
    }
}

const char* text_of(Determined determined) {
    switch (determined) {
    case Determined::by_data: return "by the data";
    case Determined::by_alphabet: return "by the alphabet";
    case Determined::by_prior: return "by the prior";
    case Determined::by_network: return "by the network";
    default: return "no";
    }
}

Determined SymbolTable::of_symbols() const { return *std::min_element(of_classes.begin(), of_classes.end()); }

base::Result<SymbolTable> find_symbol_table(const TableQuestion& question) {
    const base::Stopwatch watch;
    const auto variables = static_cast<std::size_t>(question.pool->variables);
    auto classes = tell_images_apart(question.ask, question.images, variables, question.sigma, question.seed,
                                     question.classes);
    if (!classes) return base::failure(classes.error());
    FamilySearch search(question, *classes);
    auto families = search.families();
    if (!families) return base::failure(families.error());
    SymbolTable table{std::move(*classes), {}};
    for (Family& family : *families) table.readings.push_back(reading_of(std::move(family), question));
    std::stable_sort(table.readings.begin(), table.readings.end(),
                     [&](const TableReading& a, const TableReading& b) {
                         return rank(a, question.prior) < rank(b, question.prior);
                     });
    const auto best = rank(table.readings.front(), question.prior);
    table.likeliest = static_cast<std::size_t>(
        std::count_if(table.readings.begin(), table.readings.end(),
                      [&](const TableReading& each) { return rank(each, question.prior) == best; }));
    determine(table, question.prior);
    give_letters(table);
    table.errors = search.errors(table.readings.front().likely);
    table.sigma.assign(question.sigma.begin(), question.sigma.end());
    table.seconds = watch.seconds();
    return table;
}

} // namespace ropewalk::identification
