#include "ropewalk/images/learning/letter_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

namespace {

constexpr std::size_t least_steps = 100;

/// Of the candidates' likelihoods.
double temperature(std::size_t step) {
    constexpr double first = 0.1, last = 0.002, fall = 0.99;
    return std::max(last, first * std::pow(fall, static_cast<double>(step)));
}

std::vector<double> weights_of(const std::vector<double>& log_likelihoods, double temperature) {
    const double best = *std::max_element(log_likelihoods.begin(), log_likelihoods.end());
    std::vector<double> weights;
    double sum = 0;
    for (const double each : log_likelihoods) {
        weights.push_back(std::exp((each - best) / temperature));
        sum += weights.back();
    }
    for (double& weight : weights) weight /= sum;
    return weights;
}

std::vector<bool> every_eighth(std::size_t rows) {
    constexpr std::size_t eighth = 8;
    std::vector<bool> chosen(rows);
    for (std::size_t n = eighth - 1; n < rows; n += eighth) chosen[n] = true;
    return chosen;
}

perception::ExampleSource source_of(perception::ExampleSource source, perception::GivenRows rows) {
    source.given = std::make_shared<const perception::GivenRows>(std::move(rows));
    return source;
}

} // namespace

base::Result<LetterSearch> LetterSearch::make(const perception::Problem& problem,
                                              const perception::ExampleSource& source,
                                              std::span<const double> letters, int threads, base::Stop stop) {
    constexpr std::size_t most_held_out = 256;
    const perception::GivenRows& rows = problem.given->training;
    auto explanations = identification::explain_outputs({.pool = &problem.table,
                                                         .tasks = problem.task_count(),
                                                         .rows = rows.rows,
                                                         .y = rows.y,
                                                         .scale = problem.given->scale,
                                                         .letters = letters,
                                                         .threads = threads,
                                                         .stop = std::move(stop)});
    if (!explanations) return base::failure(explanations.error());
    LetterSearch search;
    for (identification::OutputExplanation& each : explanations->alphabets) {
        perception::LetterLikelihood likelihood(problem.table, each.alphabet, each.candidates,
                                                explanations->tolerances, explanations->different_outputs);
        search.alphabets_.push_back({std::move(each), std::move(likelihood)});
    }
    const std::vector<bool> held_out = every_eighth(rows.rows);
    search.source_ = source_of(source, perception::part_of(rows, held_out, false));
    search.held_out_ = perception::draw_batch(source_of(source, perception::part_of(rows, held_out, true)),
                                              {.rows = most_held_out, .augmentation = {}}, 0);
    return search;
}

std::vector<std::vector<bool>> LetterSearch::same_formulas(const identification::MonomialTable& pool,
                                                           const LetterSearchState& state) const {
    const identification::LetterValues values(pool, alphabet(state));
    std::vector<std::vector<bool>> same;
    for (const std::size_t formula : formulas(state)) {
        const std::vector<double> of_formula = values.of(formula);
        std::vector<bool>& of_task = same.emplace_back();
        for (std::size_t f = 0; f < pool.formulas; ++f) {
            const std::vector<double> others = values.of(f);
            of_task.push_back(
                std::equal(of_formula.begin(), of_formula.end(), others.begin(),
                           [](double a, double b) { return std::abs(a - b) <= 1e-9 * (1 + std::abs(a)); }));
        }
    }
    return same;
}

bool LetterSearch::fits(const LetterSearchState& state) const {
    return state.alphabet < alphabets() &&
           (state.read.empty() || state.read.size() == of(state).likelihood.candidates());
}

const std::vector<std::size_t>& LetterSearch::formulas(const LetterSearchState& state) const {
    return of(state).explanation.candidates[leader(state)];
}

base::Result<perception::StepReport> LetterSearch::step(perception::Engine& engine,
                                                        const perception::BatchOptions& options,
                                                        std::uint64_t number, double learning_rate,
                                                        LetterSearchState& state, std::size_t& images) const {
    constexpr std::size_t interval = 10;
    if (state.steps % interval == 0)
        if (auto judged = judge(engine, state); !judged) return base::failure(judged.error());
    const perception::Batch batch = perception::draw_batch(source_, options, number);
    images += batch.indices.size();
    const std::vector<double> weights = weights_of(state.read, temperature(++state.steps));
    return engine.letters_step(
        batch.pixels,
        [&](std::span<const double> probabilities) {
            return of(state).likelihood.loss(batch, probabilities, weights);
        },
        learning_rate);
}

base::Status LetterSearch::judge(perception::Engine& engine, LetterSearchState& state) const {
    constexpr double much = 0.03;
    const auto probabilities = engine.read(held_out_.pixels);
    if (!probabilities) return base::failure(probabilities.error());
    const std::vector<double> nothing_to_learn(of(state).likelihood.candidates());
    state.read = of(state).likelihood.loss(held_out_, *probabilities, nothing_to_learn).log_likelihoods;
    const double now = read(state);
    if (state.steps == 0 || now > state.marked_read + much * std::abs(of(state).explanation.log_likelihood)) {
        state.marked_read = now;
        state.marked_at = state.steps;
    }
    return {};
}

base::Result<perception::StepReport> LetterSearch::refine_step(perception::Engine& engine,
                                                               const perception::Batch& batch,
                                                               double learning_rate,
                                                               const LetterSearchState& state) const {
    std::vector<double> weights(of(state).likelihood.candidates());
    weights[leader(state)] = 1;
    return engine.letters_step(
        batch.pixels,
        [&](std::span<const double> probabilities) {
            return of(state).likelihood.loss(batch, probabilities, weights);
        },
        learning_rate);
}

std::size_t LetterSearch::leader(const LetterSearchState& state) const {
    return static_cast<std::size_t>(std::max_element(state.read.begin(), state.read.end()) -
                                    state.read.begin());
}

bool LetterSearch::is_ahead(const LetterSearchState& state) const {
    constexpr double far = 0.1;
    const std::size_t first = leader(state);
    const double least = state.read[first] + far * of(state).explanation.log_likelihood;
    for (std::size_t c = 0; c < state.read.size(); ++c)
        if (c != first && state.read[c] > least) return false;
    return true;
}

bool LetterSearch::reads_very_well(const LetterSearchState& state) const {
    constexpr double very_well_read = 0.35;
    return read(state) > very_well_read * of(state).explanation.log_likelihood;
}

std::optional<std::size_t> LetterSearch::next_alphabet(const LetterSearchState& best,
                                                       std::size_t after) const {
    constexpr double nats = 3;
    for (std::size_t next = after + 1; next < alphabets(); ++next)
        if (!reads_very_well(best) || alphabets_[next].explanation.score >= of(best).explanation.score - nats)
            return next;
    return std::nullopt;
}

bool LetterSearch::decided(const LetterSearchState& state) const {
    constexpr double well_read = 0.6;
    if (state.steps < least_steps || !is_ahead(state)) return false;
    if (state.trial && alphabets() > 1)
        return state.alphabet == 0 && reads_very_well(state) && !next_alphabet(state, 0);
    return read(state) > well_read * of(state).explanation.log_likelihood;
}

bool LetterSearch::reads(const LetterSearchState& state) const {
    constexpr double hardly = 0.9;
    return read(state) > hardly * of(state).explanation.log_likelihood;
}

bool LetterSearch::trial_is_over(const LetterSearchState& state) const {
    constexpr std::size_t most_steps = 400;
    return state.trial && state.steps >= least_steps &&
           (stuck(state) || state.steps >= most_steps || (is_ahead(state) && reads_very_well(state)));
}

bool LetterSearch::stuck(const LetterSearchState& state) const {
    const std::size_t many_steps = state.trial ? least_steps : 2 * least_steps;
    return state.steps >= state.marked_at + many_steps;
}

bool LetterSearch::reads_better(const LetterSearchState& state, const LetterSearchState& than) const {
    constexpr double chance = 0.02;
    return read(state) > read(than) + chance * std::abs(of(than).explanation.log_likelihood);
}

double LetterSearch::read(const LetterSearchState& state) const {
    return state.read.empty() ? -std::numeric_limits<double>::infinity() : state.read[leader(state)];
}

std::vector<std::size_t> LetterSearch::mirror_image(const identification::MonomialTable& pool,
                                                    const LetterSearchState& state) const {
    const identification::LetterValues values(pool, alphabet(state));
    const std::vector<std::size_t>& found = formulas(state);
    const auto mirrors = [&](std::size_t one, std::size_t other) {
        const std::vector<double> a = values.of(one), b = values.of(other);
        // Replacing every letter of a row turns the order of all rows round.
        return std::equal(a.begin(), a.end(), b.rbegin(),
                          [](double x, double y) { return std::abs(x - y) <= 1e-9 * (1 + std::abs(x)); });
    };
    for (const std::vector<std::size_t>& candidate : of(state).explanation.candidates) {
        bool all = candidate != found;
        for (std::size_t t = 0; all && t < found.size(); ++t) all = mirrors(found[t], candidate[t]);
        if (all) return candidate;
    }
    return {};
}

LetterFindings LetterSearch::findings(const LetterSearchState& state) const {
    const identification::OutputExplanation& found = of(state).explanation;
    LetterFindings findings{.candidates = found.candidates.size(),
                            .steps = state.steps,
                            .starts = state.start + 1,
                            .unseen = found.log_likelihood,
                            .read = read(state),
                            .other_alphabets = found.same,
                            .mirror_image = {}};
    for (const Alphabet& other : alphabets_)
        if (&other != &of(state) &&
            other.explanation.score >= found.score - identification::OutputExplanations::as_well)
            findings.other_alphabets.push_back(other.explanation.alphabet);
    return findings;
}

} // namespace ropewalk::learning
