#include "ropewalk/images/identification/class_symbols.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "ropewalk/base/random.hpp"
#include "ropewalk/images/identification/decode.hpp"
#include "ropewalk/images/identification/real_roots.hpp"

namespace ropewalk::identification {

namespace {

constexpr double exact = 1e-8;       ///< of sigma; outputs no further apart are equal
constexpr double same_symbol = 1e-6; ///< symbols no further apart are one

/// Class j at one place, class i at the others.
void pair_values(double i, double j, std::size_t place, std::vector<double>& row) {
    std::fill(row.begin(), row.end(), i);
    row[place] = j;
}

bool preferred(double a, double b) {
    const auto rank = [](double x) {
        return std::tuple(!(x > 0 && x <= 1 + same_symbol), !(x > 0), std::abs(x));
    };
    return rank(a) < rank(b);
}

/// One formula, the outputs it is to give, and candidates for each class.
class Assignment {
public:
    Assignment(const SparsePolynomial& formula, const ClassRows& rows, const ClassOutputs& outputs)
        : formula_(formula), rows_(rows), outputs_(outputs), row_(rows.variables), chosen_(rows.classes),
          groups_(rows.classes) {}

    std::vector<ClassSymbols> solve(std::vector<std::vector<double>> candidates) {
        for (std::size_t c = 0; c < rows_.classes; ++c) {
            std::erase_if(candidates[c], [&](double x) { return !gives(rows_.pair(0, c, c), x, x, 0); });
            if (candidates[c].empty()) return {};
        }
        for (std::size_t c = 0; c < rows_.classes; ++c) groups_[c] = grouped(std::move(candidates[c]));
        extend(0);
        return std::move(found_);
    }

private:
    /// Whether row n is explained by symbols i and j, see ClassRows::pair.
    bool gives(std::size_t n, double i, double j, std::size_t place) {
        pair_values(i, j, place, row_);
        return std::abs(formula_(row_) - outputs_.y[n]) <= exact * outputs_.sigma;
    }

    /// Whether the formula is the same polynomial of the other places with x as with z at any place. Its
    /// degree is small, so that a few other values decide.
    bool interchangeable(double x, double z) {
        constexpr int trials = 6;
        for (std::size_t place = 0; place < rows_.variables; ++place)
            for (int trial = 0; trial < trials; ++trial) {
                for (std::size_t v = 0; v < rows_.variables; ++v)
                    row_[v] = 0.2 + std::fmod(0.7549 * trial + 0.5698 * static_cast<double>(v), 1.0);
                row_[place] = x;
                const double with_x = formula_(row_);
                row_[place] = z;
                if (std::abs(formula_(row_) - with_x) > exact * outputs_.sigma) return false;
            }
        return true;
    }

    std::vector<std::vector<double>> grouped(std::vector<double> candidates) {
        std::sort(candidates.begin(), candidates.end(), preferred);
        std::vector<std::vector<double>> groups;
        for (const double x : candidates) {
            const auto group = std::find_if(groups.begin(), groups.end(),
                                            [&](const auto& each) { return interchangeable(each[0], x); });
            if (group == groups.end())
                groups.push_back({x});
            else if (std::none_of(group->begin(), group->end(),
                                  [&](double z) { return std::abs(z - x) <= same_symbol; }))
                group->push_back(x);
        }
        return groups;
    }

    /// Chooses a group for class c and all after it.
    void extend(std::size_t c) {
        // Pairs prune at once; the limit is for formulas that hardly depend on anything.
        constexpr std::size_t most = 256;
        if (found_.size() >= most) return;
        if (c == rows_.classes) {
            if (explains_random_rows()) found_.push_back({values_, false});
            return;
        }
        for (const std::vector<double>& group : groups_[c]) {
            chosen_[c] = group[0];
            if (!fits(c)) continue;
            values_.push_back(group);
            extend(c + 1);
            values_.pop_back();
        }
    }

    bool fits(std::size_t c) {
        for (std::size_t i = 0; i < c; ++i)
            for (std::size_t place = 0; place < rows_.variables; ++place)
                if (!gives(rows_.pair(place, i, c), chosen_[i], chosen_[c], place) ||
                    !gives(rows_.pair(place, c, i), chosen_[c], chosen_[i], place))
                    return false;
        return true;
    }

    bool explains_random_rows() {
        for (std::size_t n = rows_.pairs(); n < rows_.count(); ++n) {
            for (std::size_t v = 0; v < rows_.variables; ++v)
                row_[v] = chosen_[rows_.rows[n * rows_.variables + v]];
            if (std::abs(formula_(row_) - outputs_.y[n]) > exact * outputs_.sigma) return false;
        }
        return true;
    }

    const SparsePolynomial& formula_;
    const ClassRows& rows_;
    const ClassOutputs& outputs_;
    std::vector<double> row_, chosen_;
    std::vector<std::vector<std::vector<double>>> groups_; ///< [classes, groups, interchangeable values]
    std::vector<std::vector<double>> values_;
    std::vector<ClassSymbols> found_;
};

/// Roots in x of formula = y, where x stands wherever `moving` is 1.
std::vector<double> candidates_of(const SparsePolynomial& formula, std::span<const double> fixed,
                                  std::span<const double> moving, double y) {
    std::vector<double> coefficients = formula.along(fixed, moving);
    coefficients[0] -= y;
    return real_roots(std::move(coefficients));
}

/// Classes whose symbols are known.
struct Anchors {
    std::vector<std::size_t> classes;
    std::vector<double> symbols;
};

/// Candidates of every class beside the anchors.
std::vector<std::vector<double>> candidates_beside(const SparsePolynomial& formula, const ClassRows& rows,
                                                   const ClassOutputs& outputs, const Anchors& anchors) {
    std::vector<std::vector<double>> candidates(rows.classes);
    std::vector<double> fixed, moving(rows.variables);
    for (std::size_t c = 0; c < rows.classes; ++c)
        for (std::size_t a = 0; a < anchors.classes.size(); ++a)
            for (std::size_t place = 0; place < rows.variables && candidates[c].empty(); ++place) {
                if (anchors.classes[a] == c) continue;
                fixed.assign(rows.variables, anchors.symbols[a]);
                std::fill(moving.begin(), moving.end(), 0);
                moving[place] = 1;
                candidates[c] =
                    candidates_of(formula, fixed, moving, outputs.y[rows.pair(place, anchors.classes[a], c)]);
            }
    for (std::size_t a = 0; a < anchors.classes.size(); ++a)
        candidates[anchors.classes[a]].push_back(anchors.symbols[a]);
    return candidates;
}

/// Classes in the order of how loud their pairs with others are.
std::vector<std::size_t> loudest_classes(const ClassRows& rows, const ClassOutputs& outputs) {
    std::vector<double> loudness(rows.classes);
    for (std::size_t n = 0; n < rows.pairs(); ++n) loudness[n % rows.classes] += std::abs(outputs.y[n]);
    std::vector<std::size_t> classes(rows.classes);
    std::iota(classes.begin(), classes.end(), std::size_t{0});
    std::stable_sort(classes.begin(), classes.end(),
                     [&](std::size_t a, std::size_t b) { return loudness[a] > loudness[b]; });
    return classes;
}

/// Symbols of a few classes from the rows that have two of them; a decoder does it, with the rows as its
/// tasks.
class AnchorSolver {
public:
    AnchorSolver(const SparsePolynomial& formula, const ClassRows& rows, const ClassOutputs& outputs,
                 std::vector<std::size_t> classes)
        : classes_(std::move(classes)), decoder_(make(formula, rows, outputs, classes_)) {
        for (std::size_t place = 0; place < rows.variables; ++place)
            for (const std::size_t i : classes_)
                for (const std::size_t j : classes_)
                    if (i != j) y_.push_back(outputs.y[rows.pair(place, i, j)]);
    }

    /// Different solutions; `continuum` is set when one of them is not alone, and then they are a few of
    /// many.
    std::vector<Anchors> solve(bool& continuum) const {
        constexpr double most_residual = 1e-11, most_uncertainty = 1e6;
        constexpr std::size_t most_of_continuum = 16;
        continuum = false;
        std::vector<Anchors> found;
        for (const std::vector<double>& start : starts()) {
            const Decoded decoded = decoder_.decode(y_, start);
            if (!(decoded.residual <= most_residual)) continue;
            if (!(decoded.uncertainty <= most_uncertainty)) continuum = true;
            if (continuum && found.size() >= most_of_continuum) break;
            if (std::none_of(found.begin(), found.end(),
                             [&](const Anchors& each) { return same(each.symbols, decoded.symbols); }))
                found.push_back({classes_, decoded.symbols});
        }
        return found;
    }

private:
    static Decoder make(const SparsePolynomial& formula, const ClassRows& rows, const ClassOutputs& outputs,
                        const std::vector<std::size_t>& classes) {
        std::vector<SparsePolynomial> pairs;
        for (std::size_t place = 0; place < rows.variables; ++place)
            for (std::size_t i = 0; i < classes.size(); ++i)
                for (std::size_t j = 0; j < classes.size(); ++j)
                    if (i != j) pairs.push_back(formula.of_pair(place, j, i, classes.size()));
        std::vector<std::size_t> formulas(pairs.size());
        std::iota(formulas.begin(), formulas.end(), std::size_t{0});
        return {table_of(pairs), formulas, std::vector<double>(pairs.size(), outputs.sigma)};
    }

    /// A grid, finer for two classes than for three.
    std::vector<std::vector<double>> starts() const {
        const std::vector<double> values =
            classes_.size() == 2 ? std::vector{-1.6, -0.9, -0.4, 0.1, 0.35, 0.6, 0.85, 1.15, 1.6}
                                 : std::vector{-1.1, -0.3, 0.3, 0.75, 1.4};
        std::vector<std::vector<double>> starts{{}};
        for (std::size_t c = 0; c < classes_.size(); ++c) {
            std::vector<std::vector<double>> longer;
            for (const auto& start : starts)
                for (const double value : values) {
                    longer.push_back(start);
                    longer.back().push_back(value);
                }
            starts = std::move(longer);
        }
        return starts;
    }

    static bool same(const std::vector<double>& a, const std::vector<double>& b) {
        return std::equal(a.begin(), a.end(), b.begin(),
                          [](double x, double z) { return std::abs(x - z) <= same_symbol; });
    }

    std::vector<std::size_t> classes_;
    Decoder decoder_;
    std::vector<double> y_;
};

/// Of a continuum of symbols, those whose letters are multiples 1, 2, 3, ... of one step, in the order that
/// `symbols` have and in the opposite one. The step is the root of a polynomial: that of the loudest row.
std::vector<ClassSymbols> stepped(const ClassSymbols& symbols, const SparsePolynomial& formula,
                                  const ClassRows& rows, const ClassOutputs& outputs) {
    std::vector<double> first;
    for (const auto& values : symbols.values) first.push_back(values[0]);
    const auto loudest = static_cast<std::size_t>(
        std::max_element(outputs.y.begin(), outputs.y.end(),
                         [](double a, double b) { return std::abs(a) < std::abs(b); }) -
        outputs.y.begin());
    std::vector<ClassSymbols> found;
    for (const bool reversed : {false, true}) {
        std::vector<double> ranks, row, nothing(rows.variables);
        for (const double x : first)
            ranks.push_back(1 + static_cast<double>(std::count_if(first.begin(), first.end(), [&](double z) {
                                return reversed ? z > x + same_symbol : z < x - same_symbol;
                            })));
        for (std::size_t v = 0; v < rows.variables; ++v)
            row.push_back(ranks[rows.rows[loudest * rows.variables + v]]);
        for (const double step : candidates_of(formula, nothing, row, outputs.y[loudest])) {
            if (step <= same_symbol) continue;
            std::vector<std::vector<double>> candidates;
            for (const double rank : ranks) candidates.push_back({step * rank});
            for (ClassSymbols& each : Assignment(formula, rows, outputs).solve(std::move(candidates))) {
                each.continuum = true;
                found.push_back(std::move(each));
            }
        }
    }
    return found;
}

bool same_values(const ClassSymbols& a, const ClassSymbols& b) {
    for (std::size_t c = 0; c < a.values.size(); ++c)
        if (std::abs(a.values[c][0] - b.values[c][0]) > same_symbol) return false;
    return true;
}

/// Where rows of a single class say nothing. Two classes may leave a continuum that three do not.
std::vector<ClassSymbols> symbols_by_pairs(const SparsePolynomial& formula, const ClassRows& rows,
                                           const ClassOutputs& outputs) {
    std::vector<std::size_t> classes = loudest_classes(rows, outputs);
    bool continuum = true;
    std::vector<Anchors> solutions;
    for (std::size_t size = 2; size <= 3 && size <= rows.classes && continuum; ++size) {
        const auto end = classes.begin() + static_cast<std::ptrdiff_t>(size);
        solutions = AnchorSolver(formula, rows, outputs, {classes.begin(), end}).solve(continuum);
    }
    std::vector<ClassSymbols> found;
    for (const Anchors& anchors : solutions)
        for (ClassSymbols& each :
             Assignment(formula, rows, outputs).solve(candidates_beside(formula, rows, outputs, anchors))) {
            if (continuum) {
                // Not every member has real symbols for all classes.
                if (auto members = stepped(each, formula, rows, outputs); !members.empty()) return members;
                continue;
            }
            if (std::none_of(found.begin(), found.end(),
                             [&](const ClassSymbols& other) { return same_values(each, other); }))
                found.push_back(std::move(each));
        }
    return found;
}

} // namespace

ClassExamples class_examples(const ImageClasses& classes, std::size_t random_rows, std::uint64_t seed) {
    ClassExamples examples{{classes.variables, classes.count(), {}}, {}};
    std::vector<std::uint32_t>& rows = examples.rows.rows;
    for (std::size_t place = 0; place < classes.variables; ++place)
        for (std::uint32_t i = 0; i < classes.count(); ++i)
            for (std::uint32_t j = 0; j < classes.count(); ++j)
                for (std::size_t v = 0; v < classes.variables; ++v) rows.push_back(v == place ? j : i);
    base::RandomStream random(seed, base::Purpose::batch_rows, class_batch_number);
    for (std::size_t n = 0; n < random_rows * classes.variables; ++n)
        rows.push_back(random.below(static_cast<std::uint32_t>(classes.count())));
    for (std::size_t begin = 0; begin < rows.size(); begin += classes.variables)
        for (std::size_t v = 0; v < classes.variables; ++v)
            // Every place has its own image of a class.
            examples.images.push_back(classes.members[rows[begin + v]][v]);
    return examples;
}

bool vanishes_alone(const ClassRows& rows, const ClassOutputs& outputs) {
    for (std::size_t c = 0; c < rows.classes; ++c)
        if (std::abs(outputs.y[rows.pair(0, c, c)]) > exact * outputs.sigma) return false;
    return true;
}

std::vector<ClassSymbols> symbols_under(const SparsePolynomial& formula, const ClassRows& rows,
                                        const ClassOutputs& outputs) {
    for (std::size_t place = 0; place < rows.variables; ++place)
        if (formula.depends_on(place) != outputs.depends[place]) return {};
    const std::vector<double> nothing(rows.variables), everywhere(rows.variables, 1);
    const std::vector<double> alone = formula.along(nothing, everywhere);
    const bool silent = std::all_of(alone.begin(), alone.end(), [](double each) { return each == 0; });
    if (silent)
        return vanishes_alone(rows, outputs) ? symbols_by_pairs(formula, rows, outputs)
                                             : std::vector<ClassSymbols>{};
    std::vector<std::vector<double>> candidates;
    for (std::size_t c = 0; c < rows.classes; ++c) {
        candidates.push_back(candidates_of(formula, nothing, everywhere, outputs.y[rows.pair(0, c, c)]));
        if (candidates.back().empty()) return {};
    }
    return Assignment(formula, rows, outputs).solve(std::move(candidates));
}

std::vector<ClassSymbols> symbols_among(const ClassSymbols& symbols, const SparsePolynomial& formula,
                                        const ClassRows& rows, const ClassOutputs& outputs) {
    std::vector<ClassSymbols> found = Assignment(formula, rows, outputs).solve(symbols.values);
    for (ClassSymbols& each : found) each.continuum = symbols.continuum;
    return found;
}

} // namespace ropewalk::identification
