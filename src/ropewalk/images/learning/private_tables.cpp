#include "ropewalk/images/learning/private_tables.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/learning/private_letters.hpp"

namespace ropewalk::learning {

namespace {

/// The table of a task alone; images are counted within the task.
base::Result<identification::SymbolTable> table_of(const perception::Problem& problem,
                                                   const perception::ExampleSource& source, std::size_t task,
                                                   identification::AlphabetPrior prior) {
    const std::vector<std::uint32_t>& images = source.images_of_task[task];
    identification::TableQuestion question;
    question.pool = &problem.pool;
    question.table = &problem.table;
    question.ask = [&](std::span<const std::uint32_t> rows) {
        std::vector<std::uint32_t> among_all;
        for (const std::uint32_t image : rows) among_all.push_back(images[image]);
        return outputs_of_task(source, task, among_all);
    };
    question.images = images.size();
    question.sigma = std::span(problem.sigma).subspan(task, 1);
    question.seed = problem.seed;
    question.prior = prior;
    // Where images are few, most of them are needed to find three of every kind.
    const auto others = static_cast<std::size_t>(source.variables) - 1;
    question.classes.contexts = std::clamp(images.size() / 15, std::size_t{4}, question.classes.contexts);
    const std::size_t beside = question.classes.contexts * others;
    if (images.size() > beside)
        question.classes.images = std::min(question.classes.images, images.size() - beside);
    // Other images beside them may leave three of a kind where these did not.
    constexpr std::uint64_t draws = 4;
    auto table = identification::find_symbol_table(question);
    for (std::uint64_t draw = 1; !table && draw < draws; ++draw) {
        question.seed = problem.seed + draw;
        table = identification::find_symbol_table(question);
    }
    return table;
}

using Tables = std::vector<std::optional<identification::SymbolTable>>; ///< [tasks]

/// What at least half of the tasks have whose symbols are determined by the data; if there are none, of those
/// determined by the prior.
std::vector<double> common_alphabet(const Tables& tables) {
    for (const identification::Determined enough :
         {identification::Determined::by_data, identification::Determined::by_prior}) {
        std::vector<double> values;
        std::vector<std::size_t> votes;
        std::size_t voters = 0;
        for (const auto& table : tables) {
            if (!table || table->of_symbols() < enough) continue;
            ++voters;
            for (const double symbol : table->alphabet) {
                const std::int64_t known = exact_letter(values, symbol);
                if (known < 0) values.push_back(symbol), votes.push_back(0);
                ++votes[known < 0 ? values.size() - 1 : static_cast<std::size_t>(known)];
            }
        }
        std::vector<double> alphabet;
        for (std::size_t k = 0; k < values.size(); ++k)
            if (2 * votes[k] >= voters) alphabet.push_back(values[k]);
        std::sort(alphabet.begin(), alphabet.end());
        if (voters > 0) return alphabet;
    }
    return {};
}

/// Whether every class may show a letter of the alphabet.
bool agrees(const identification::TableReading& reading, const std::vector<double>& alphabet) {
    return std::all_of(reading.symbols.begin(), reading.symbols.end(), [&](const auto& values) {
        return std::any_of(values.begin(), values.end(),
                           [&](double value) { return exact_letter(alphabet, value) >= 0; });
    });
}

} // namespace

void PrivateTables::decided_by_network() {
    std::replace(of_tasks.begin(), of_tasks.end(), identification::Determined::no,
                 identification::Determined::by_network);
}

std::size_t PrivateTables::count(identification::Determined determined) const {
    return static_cast<std::size_t>(std::count(of_tasks.begin(), of_tasks.end(), determined));
}

std::size_t PrivateTables::images() const {
    std::size_t sum = 0;
    for (const auto& images : images_of_letter) sum += images.size();
    return sum;
}

base::Result<PrivateTables> find_private_tables(const perception::Problem& problem,
                                                const perception::ExampleSource& source,
                                                identification::AlphabetPrior prior, int threads) {
    const base::Stopwatch watch;
    const std::size_t tasks = problem.task_count();
    Tables tables(tasks);
    base::parallel_for(tasks, threads, [&](std::size_t t) {
        if (auto table = table_of(problem, source, t, prior)) tables[t] = std::move(*table);
    });
    PrivateTables result;
    result.alphabet = common_alphabet(tables);
    result.candidates.resize(tasks);
    result.of_tasks.assign(tasks, identification::Determined::no);
    std::vector<std::vector<std::int64_t>> letters(tasks);
    base::parallel_for(tasks, threads, [&](std::size_t t) {
        if (!tables[t]) return;
        std::vector<const identification::TableReading*> agreeing;
        for (const identification::TableReading& reading : tables[t]->readings)
            if (agrees(reading, result.alphabet)) agreeing.push_back(&reading);
        std::vector<std::size_t>& candidates = result.candidates[t];
        for (const identification::TableReading* reading : agreeing)
            if (std::find(candidates.begin(), candidates.end(), reading->formulas[0]) == candidates.end())
                candidates.push_back(reading->formulas[0]);
        if (candidates.size() == 1)
            result.of_tasks[t] = tables[t]->of_tasks[0] == identification::Determined::by_data
                                     ? identification::Determined::by_data
                                     : identification::Determined::by_alphabet;
        if (agreeing.size() == 1)
            letters[t] = letters_of_task(problem, source, t, *tables[t], *agreeing[0], result.alphabet);
    });
    const auto explained = static_cast<std::size_t>(std::count_if(
        result.candidates.begin(), result.candidates.end(), [](const auto& each) { return !each.empty(); }));
    result.images_of_letter.resize(result.alphabet.size());
    for (std::size_t t = 0; t < tasks; ++t)
        for (std::size_t i = 0; i < letters[t].size(); ++i)
            if (letters[t][i] >= 0)
                result.images_of_letter[static_cast<std::size_t>(letters[t][i])].push_back(
                    source.images_of_task[t][i]);
    if (result.alphabet.size() < 2 || 2 * explained < tasks || result.images() == 0)
        return base::failure("private images",
                             fmt::format("{} of {} tasks explained by {} symbols, {} images read", explained,
                                         tasks, result.alphabet.size(), result.images()),
                             "exact outputs of formulas of the pool, and enough images for each task");
    result.seconds = watch.seconds();
    return result;
}

std::vector<float> alphabet_errors(const perception::Problem& problem, const PrivateTables& tables,
                                   int threads) {
    const auto variables = static_cast<std::size_t>(problem.pool.variables);
    const std::vector<double> values = identification::values_of(
        problem.pool.formulas, identification::all_rows(tables.alphabet, variables));
    const std::size_t formulas = problem.pool.formulas.size(), rows = values.size() / formulas;
    std::vector<float> errors(tables.candidates.size() * formulas, 1);
    base::parallel_for(tables.candidates.size(), threads, [&](std::size_t t) {
        if (tables.candidates[t].empty()) return;
        const std::size_t own = tables.candidates[t][0];
        const double variance = problem.sigma[t] * problem.sigma[t];
        for (std::size_t f = 0; f < formulas; ++f) {
            double sum = 0;
            for (std::size_t n = 0; n < rows; ++n) {
                const double difference = values[f * rows + n] - values[own * rows + n];
                sum += difference * difference;
            }
            // Where formulas agree on all letters, rounding is not to choose.
            const double error = sum / static_cast<double>(rows) / variance;
            errors[t * formulas + f] = f == own ? 0.0f : std::max(static_cast<float>(error), 1e-30f);
        }
    });
    return errors;
}

std::vector<identification::Decision> decide_open_tasks(const PrivateTables& tables,
                                                        std::vector<identification::Decision> decisions,
                                                        const identification::Decisions& scored) {
    const std::size_t formulas = scored.average().size() / decisions.size();
    for (std::size_t t = 0; t < decisions.size(); ++t) {
        if (!tables.open(t)) continue;
        decisions[t] = scored.tasks()[t];
        const auto errors = std::span(scored.average()).subspan(t * formulas, formulas);
        std::vector<std::size_t> candidates = tables.candidates[t];
        if (candidates.empty()) continue;
        std::sort(candidates.begin(), candidates.end(),
                  [&](std::size_t a, std::size_t b) { return errors[a] < errors[b]; });
        decisions[t].formula = candidates[0];
        decisions[t].runner_up = candidates[1];
        decisions[t].error = errors[candidates[0]];
        decisions[t].margin = errors[candidates[1]] - errors[candidates[0]];
    }
    return decisions;
}

Reading private_reading(const PrivateTables& tables) {
    Reading reading{.alphabet = tables.alphabet};
    for (std::size_t t = 0; t < tables.candidates.size(); ++t)
        if (!tables.open(t)) reading.tasks.push_back(t);
    reading.explained =
        static_cast<double>(reading.tasks.size()) / static_cast<double>(tables.candidates.size());
    return reading;
}

Reader::Page private_page(const perception::ExampleSource& source, const PrivateTables& tables,
                          const perception::BatchOptions& options, std::uint64_t step) {
    std::vector<std::uint32_t> shown;
    for (std::size_t k = 0; k < tables.images_of_letter.size(); ++k)
        if (!tables.images_of_letter[k].empty()) shown.push_back(static_cast<std::uint32_t>(k));
    base::RandomStream random(source.seed, base::Purpose::batch_images, step);
    std::vector<std::uint32_t> indices;
    Reader::Page page;
    for (std::size_t i = 0; i < options.images; ++i) {
        const std::uint32_t letter = shown[random.below(static_cast<std::uint32_t>(shown.size()))];
        const auto& images = tables.images_of_letter[letter];
        indices.push_back(images[random.below64(images.size())]);
        page.letters.push_back(letter);
    }
    page.pixels =
        datasets::augmented_pixels(*source.images, indices, options.augmentation, source.seed, step);
    return page;
}

} // namespace ropewalk::learning
