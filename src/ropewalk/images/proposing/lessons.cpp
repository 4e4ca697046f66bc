#include "ropewalk/images/proposing/lessons.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::proposing {

namespace {

/// `count` of the formulas, with replacement, each as often as its weight says.
void draw_weighted(std::span<const std::size_t> from, std::span<const float> losses, double least,
                   std::size_t count, base::RandomStream& random, std::vector<std::size_t>& drawn) {
    std::vector<double> sums;
    double sum = 0;
    for (const std::size_t formula : from)
        sums.push_back(sum += std::max(least, static_cast<double>(losses[formula])));
    for (std::size_t i = 0; i < count; ++i) {
        const auto place = std::upper_bound(sums.begin(), sums.end(), random.uniform() * sum);
        drawn.push_back(from[std::min(from.size() - 1, static_cast<std::size_t>(place - sums.begin()))]);
    }
}

} // namespace

Lessons::Lessons(const Curriculum& curriculum, const formula::Pool& pool, const perception::ProgramCode& code,
                 std::vector<std::size_t> formulas, ReadExamples read, const AmortiseOptions& options,
                 std::uint64_t seed)
    : options_(options), pool_(pool), seed_(seed), taught_(curriculum.tasks), wider_(curriculum.wider),
      tasks_of_(pool.formulas.size()), read_(std::move(read)) {
    taught_.insert(taught_.end(), curriculum.dreamt.begin(), curriculum.dreamt.end());
    for (std::size_t t = 0; t < formulas.size(); ++t) tasks_of_[formulas[t]].push_back(t);
    for (const formula::Program& program : pool.formulas)
        codes_.push_back(code.encode(program).value_or(std::vector<int>()));
    // Nothing is known yet: about the logarithm of the number of programs.
    losses_.assign(pool.formulas.size(), 9);
}

base::Status Lessons::check() const {
    if (read_.symbols.size() == 0)
        return base::failure(
            "amortise", "no row of images that the grounder is sure of",
            "a grounder that reads some images: more in setting `refine-steps` or setting `seconds`");
    const auto missing = std::find(codes_.begin(), codes_.end(), std::vector<int>());
    if (missing != codes_.end())
        return base::failure("amortise", fmt::format("formula {} without a code", missing - codes_.begin()),
                             "formulas of sums, differences and products");
    return {};
}

std::vector<std::size_t> Lessons::drawn_formulas(base::RandomStream& random) const {
    std::vector<std::size_t> drawn;
    const auto wide = static_cast<std::size_t>(
        wider_.empty() ? 0 : options_.wider_share * static_cast<double>(options_.tasks));
    draw_weighted(taught_, losses_, options_.least_weight, options_.tasks - wide, random, drawn);
    draw_weighted(wider_, losses_, options_.least_weight, wide, random, drawn);
    return drawn;
}

void Lessons::add_read(Lesson& lesson, std::size_t formula, base::RandomStream& random) const {
    const std::vector<std::size_t>& tasks = tasks_of_[formula];
    const std::size_t task = tasks[random.below(static_cast<std::uint32_t>(tasks.size()))];
    const std::size_t rows = read_.symbols.size(), variables = read_.symbols.variables;
    for (std::size_t n = 0; n < options_.pairs; ++n) {
        const std::size_t row = random.below(static_cast<std::uint32_t>(rows));
        const float* symbols = read_.symbols.symbols.data() + row * variables;
        lesson.examples.symbols.insert(lesson.examples.symbols.end(), symbols, symbols + variables);
        lesson.examples.y.push_back(read_.y[task * rows + row]);
    }
}

void Lessons::add_dreamt(Lesson& lesson, std::size_t formula, base::RandomStream& random) const {
    const std::vector<float>& seen = read_.symbols.symbols;
    std::vector<double> row(read_.symbols.variables);
    for (std::size_t n = 0; n < options_.pairs; ++n) {
        for (double& symbol : row) symbol = seen[random.below(static_cast<std::uint32_t>(seen.size()))];
        lesson.examples.symbols.insert(lesson.examples.symbols.end(), row.begin(), row.end());
        lesson.examples.y.push_back(static_cast<float>(formula::evaluate(pool_.formulas[formula], row)));
    }
}

Lessons::Lesson Lessons::draw(std::uint64_t step) const {
    base::RandomStream of_formulas(seed_, base::Purpose::step_tasks, step);
    base::RandomStream of_rows(seed_, base::Purpose::batch_rows, perception::first_lesson + step);
    Lesson lesson;
    lesson.formulas = drawn_formulas(of_formulas);
    lesson.examples.tasks = lesson.formulas.size();
    lesson.examples.pairs = options_.pairs;
    for (const std::size_t formula : lesson.formulas) {
        if (tasks_of_[formula].empty() || of_rows.uniform() < options_.dreamt_share)
            add_dreamt(lesson, formula, of_rows);
        else
            add_read(lesson, formula, of_rows);
        lesson.tokens.insert(lesson.tokens.end(), codes_[formula].begin(), codes_[formula].end());
    }
    return lesson;
}

void Lessons::tell(const Lesson& lesson, std::span<const float> losses) {
    constexpr float share = 0.3f;
    for (std::size_t i = 0; i < losses.size(); ++i) {
        float& loss = losses_[lesson.formulas[i]];
        loss += share * (losses[i] - loss);
    }
}

} // namespace ropewalk::proposing
