#include "ropewalk/images/learning/private_letters.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::learning {

namespace {

/// Images of the classes that can show one letter only, with that letter.
struct KnownImages {
    std::vector<std::uint32_t> images; ///< among all training images
    std::vector<std::int64_t> letters;
};

KnownImages known_images(const identification::SymbolTable& table,
                         const identification::TableReading& reading, const std::vector<double>& alphabet,
                         const std::vector<std::uint32_t>& images) {
    KnownImages known;
    for (std::size_t c = 0; c < reading.symbols.size(); ++c) {
        std::vector<std::int64_t> letters;
        for (const double value : reading.symbols[c])
            if (const std::int64_t letter = exact_letter(alphabet, value); letter >= 0)
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
    LetterFinder(const perception::ExampleSource& source, std::size_t task, const formula::Program& formula,
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

    const perception::ExampleSource& source_;
    std::size_t task_;
    const formula::Program& formula_;
    const std::vector<double>& alphabet_;
    const KnownImages& known_;
    double tolerance_;
};

} // namespace

std::int64_t exact_letter(const std::vector<double>& alphabet, double symbol) {
    constexpr double same_symbol = 1e-6;
    for (std::size_t k = 0; k < alphabet.size(); ++k)
        if (std::abs(alphabet[k] - symbol) <= same_symbol) return static_cast<std::int64_t>(k);
    return -1;
}

std::vector<double> outputs_of_task(const perception::ExampleSource& source, std::size_t task,
                                    std::span<const std::uint32_t> rows) {
    return perception::outputs_of_private_rows(source, rows, std::vector{static_cast<std::uint32_t>(task)});
}

std::vector<std::int64_t> letters_of_task(const perception::Problem& problem,
                                          const perception::ExampleSource& source, std::size_t task,
                                          const identification::SymbolTable& table,
                                          const identification::TableReading& reading,
                                          const std::vector<double>& alphabet) {
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

} // namespace ropewalk::learning
