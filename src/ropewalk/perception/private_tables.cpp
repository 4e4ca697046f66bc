#include "ropewalk/perception/private_tables.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace ropewalk::perception {

namespace {

constexpr double same_symbol = 1e-6;

std::vector<double> outputs_of_task(const ExampleSource& source, std::size_t task,
                                    std::span<const std::uint32_t> rows) {
    return outputs_of_private_rows(source, rows, std::vector{static_cast<std::uint32_t>(task)});
}

/// The table of a task alone; images are counted within the task.
base::Result<SymbolTable> table_of(const Problem& problem, const ExampleSource& source, std::size_t task,
                                   AlphabetPrior prior) {
    const std::vector<std::uint32_t>& images = source.images_of_task[task];
    TableQuestion question;
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
    return find_symbol_table(question);
}

using Tables = std::vector<std::optional<SymbolTable>>; ///< [tasks]

/// The letter nearest to a symbol, if it is that symbol.
std::int64_t letter_of(const std::vector<double>& alphabet, double symbol) {
    for (std::size_t k = 0; k < alphabet.size(); ++k)
        if (std::abs(alphabet[k] - symbol) <= same_symbol) return static_cast<std::int64_t>(k);
    return -1;
}

/// What at least half of the tasks have whose symbols are determined by the data; if there are none, of those
/// determined by the prior.
std::vector<double> common_alphabet(const Tables& tables) {
    for (const Determined enough : {Determined::by_data, Determined::by_prior}) {
        std::vector<double> values;
        std::vector<std::size_t> votes;
        std::size_t voters = 0;
        for (const auto& table : tables) {
            if (!table || table->of_symbols() < enough) continue;
            ++voters;
            for (const double symbol : table->alphabet) {
                const std::int64_t known = letter_of(values, symbol);
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
bool agrees(const TableReading& reading, const std::vector<double>& alphabet) {
    return std::all_of(reading.symbols.begin(), reading.symbols.end(), [&](const auto& values) {
        return std::any_of(values.begin(), values.end(),
                           [&](double value) { return letter_of(alphabet, value) >= 0; });
    });
}

/// Images of the classes that can show one letter only, with that letter.
struct KnownImages {
    std::vector<std::uint32_t> images; ///< among all training images
    std::vector<std::int64_t> letters;
};

KnownImages known_images(const SymbolTable& table, const TableReading& reading,
                         const std::vector<double>& alphabet, const std::vector<std::uint32_t>& images) {
    KnownImages known;
    for (std::size_t c = 0; c < reading.symbols.size(); ++c) {
        std::vector<std::int64_t> letters;
        for (const double value : reading.symbols[c])
            if (const std::int64_t letter = letter_of(alphabet, value); letter >= 0)
                letters.push_back(letter);
        if (letters.size() != 1) continue;
        for (const std::uint32_t image : table.classes.members[c]) {
            known.images.push_back(images[image]);
            known.letters.push_back(letters[0]);
        }
    }
    return known;
}

/// Letters of images by a formula: those that give their outputs beside known images, at every place of a
/// row; -1 where that is not one letter.
class LetterFinder {
public:
    LetterFinder(const ExampleSource& source, std::size_t task, const formula::Program& formula,
                 const std::vector<double>& alphabet, const KnownImages& known, double tolerance)
        : source_(source), task_(task), formula_(formula), alphabet_(alphabet), known_(known),
          tolerance_(tolerance) {}

    std::int64_t letter(std::uint32_t image) const {
        constexpr std::size_t contexts = 8;
        const auto variables = static_cast<std::size_t>(source_.variables);
        std::vector<std::uint32_t> rows;
        std::vector<double> symbols;
        for (std::size_t place = 0; place < variables; ++place)
            for (std::size_t c = 0; c < contexts; ++c) {
                const std::vector<std::size_t> others = context(image, c);
                for (std::size_t v = 0; v < variables; ++v) {
                    rows.push_back(v == place ? image : known_.images[others[v]]);
                    symbols.push_back(alphabet_[static_cast<std::size_t>(known_.letters[others[v]])]);
                }
            }
        const std::vector<double> y = outputs_of_task(source_, task_, rows);
        std::int64_t found = -1;
        for (std::size_t k = 0; k < alphabet_.size(); ++k) {
            if (!explains(alphabet_[k], symbols, y, contexts)) continue;
            if (found >= 0) return -1;
            found = static_cast<std::int64_t>(k);
        }
        return found;
    }

private:
    /// Known images to stand beside an image, one for each place, all different. Known images are sorted by
    /// their letters, so they are taken from far apart.
    std::vector<std::size_t> context(std::uint32_t image, std::size_t c) const {
        constexpr std::size_t stride = 37;
        const auto variables = static_cast<std::size_t>(source_.variables);
        const std::size_t count = known_.images.size();
        std::vector<std::size_t> others;
        for (std::size_t v = 0; v < variables; ++v) {
            std::size_t other = (c * stride + v * (count / variables)) % count;
            while (known_.images[other] == image ||
                   std::find(others.begin(), others.end(), other) != others.end())
                other = (other + 1) % count;
            others.push_back(other);
        }
        return others;
    }

    bool explains(double symbol, std::vector<double> symbols, const std::vector<double>& y,
                  std::size_t contexts) const {
        const auto variables = static_cast<std::size_t>(source_.variables);
        for (std::size_t n = 0; n < y.size(); ++n) {
            const auto row = std::span(symbols).subspan(n * variables, variables);
            row[n / contexts] = symbol;
            if (std::abs(formula::evaluate(formula_, row) - y[n]) > tolerance_) return false;
        }
        return true;
    }

    const ExampleSource& source_;
    std::size_t task_;
    const formula::Program& formula_;
    const std::vector<double>& alphabet_;
    const KnownImages& known_;
    double tolerance_;
};

/// [images of the task], -1 where the letter is not known.
std::vector<std::int64_t> letters_of_task(const Problem& problem, const ExampleSource& source,
                                          std::size_t task, const SymbolTable& table,
                                          const TableReading& reading, const std::vector<double>& alphabet) {
    const std::vector<std::uint32_t>& images = source.images_of_task[task];
    const KnownImages known = known_images(table, reading, alphabet, images);
    std::vector<std::int64_t> letters(images.size(), -1);
    if (known.images.size() < 2 * static_cast<std::size_t>(source.variables)) return letters;
    const LetterFinder finder(source, task, problem.pool.formulas[reading.formulas[0]], alphabet, known,
                              table.classes.tolerance * problem.sigma[task]);
    std::transform(images.begin(), images.end(), letters.begin(),
                   [&](std::uint32_t image) { return finder.letter(image); });
    return letters;
}

} // namespace

void PrivateTables::decided_by_network() {
    std::replace(of_tasks.begin(), of_tasks.end(), Determined::no, Determined::by_network);
}

std::size_t PrivateTables::count(Determined determined) const {
    return static_cast<std::size_t>(std::count(of_tasks.begin(), of_tasks.end(), determined));
}

std::size_t PrivateTables::images() const {
    std::size_t sum = 0;
    for (const auto& images : images_of_letter) sum += images.size();
    return sum;
}

base::Result<PrivateTables> find_private_tables(const Problem& problem, const ExampleSource& source,
                                                AlphabetPrior prior, int threads) {
    const base::Stopwatch watch;
    const std::size_t tasks = problem.task_count();
    Tables tables(tasks);
    base::parallel_for(tasks, threads, [&](std::size_t t) {
        if (auto table = table_of(problem, source, t, prior)) tables[t] = std::move(*table);
    });
    PrivateTables result;
    result.alphabet = common_alphabet(tables);
    result.candidates.resize(tasks);
    result.of_tasks.assign(tasks, Determined::no);
    std::vector<std::vector<std::int64_t>> letters(tasks);
    base::parallel_for(tasks, threads, [&](std::size_t t) {
        if (!tables[t]) return;
        std::vector<const TableReading*> agreeing;
        for (const TableReading& reading : tables[t]->readings)
            if (agrees(reading, result.alphabet)) agreeing.push_back(&reading);
        std::vector<std::size_t>& candidates = result.candidates[t];
        for (const TableReading* reading : agreeing)
            if (std::find(candidates.begin(), candidates.end(), reading->formulas[0]) == candidates.end())
                candidates.push_back(reading->formulas[0]);
        if (candidates.size() == 1)
            result.of_tasks[t] =
                tables[t]->of_tasks[0] == Determined::by_data ? Determined::by_data : Determined::by_alphabet;
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

std::vector<float> alphabet_errors(const Problem& problem, const PrivateTables& tables, int threads) {
    const auto variables = static_cast<std::size_t>(problem.pool.variables);
    const std::size_t formulas = problem.pool.formulas.size(), letters = tables.alphabet.size();
    std::size_t rows = 1;
    for (std::size_t v = 0; v < variables; ++v) rows *= letters;
    std::vector<std::vector<double>> columns(variables);
    for (std::size_t v = 0, period = 1; v < variables; ++v, period *= letters)
        for (std::size_t n = 0; n < rows; ++n) columns[v].push_back(tables.alphabet[n / period % letters]);
    const std::vector<double> values = values_of(problem.pool.formulas, columns);
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

std::vector<Decision> decide_open_tasks(const PrivateTables& tables, std::vector<Decision> decisions,
                                        const Decisions& scored) {
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

Reader::Page private_page(const ExampleSource& source, const PrivateTables& tables,
                          const BatchOptions& options, std::uint64_t step) {
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
    page.pixels = augmented_pixels(*source.images, indices, options.augmentation, source.seed, step);
    return page;
}

} // namespace ropewalk::perception
