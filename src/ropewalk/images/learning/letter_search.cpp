#include "ropewalk/images/learning/letter_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ropewalk/base/random.hpp"

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

/// Those of some images that a process has; there are as many parts as images at most.
std::vector<perception::PartToRead> equal_parts(std::span<const float> pixels, std::span<const std::int64_t> letters,
                                                const perception::StepParts& parts) {
    const std::size_t images = letters.size(), size = pixels.size() / images;
    std::vector<perception::PartToRead> of_process;
    for (std::size_t k = parts.first; k < parts.first + parts.count; ++k) {
        const std::size_t begin = k * images / parts.all, end = (k + 1) * images / parts.all;
        of_process.push_back({pixels.subspan(begin * size, (end - begin) * size), letters.subspan(begin, end - begin)});
    }
    return of_process;
}

perception::ExampleSource source_of(perception::ExampleSource source, perception::GivenRows rows) {
    source.given = std::make_shared<const perception::GivenRows>(std::move(rows));
    return source;
}

} // namespace

namespace {

base::Result<identification::OutputExplanations> explain(const perception::Problem& problem,
                                                         std::span<const double> letters, bool always_rules,
                                                         int threads, base::Stop stop) {
    const perception::GivenRows& rows = problem.given()->training;
    if (!problem.has_long_rows())
        return identification::explain_outputs({.pool = &problem.table,
                                                .tasks = problem.task_count(),
                                                .rows = rows.rows,
                                                .y = rows.y,
                                                .scale = problem.given()->scale,
                                                .letters = letters,
                                                .programs = problem.pool.formulas,
                                                .always_rules = always_rules,
                                                .threads = threads,
                                                .stop = std::move(stop)});
    std::vector<std::size_t> places;
    for (std::size_t n = 0; n < rows.rows; ++n) places.push_back(rows.row(n).size());
    return identification::explain_rows({.places = places,
                                         .tasks = problem.task_count(),
                                         .y = rows.y,
                                         .scale = problem.given()->scale,
                                         .letters = letters,
                                         .first_rule = problem.table.formulas,
                                         .threads = threads,
                                         .stop = std::move(stop)});
}

} // namespace

std::size_t rows_of_batch(const perception::Problem& problem, std::size_t rows) {
    constexpr std::size_t least = 8;
    if (!problem.has_long_rows()) return rows;
    const perception::GivenRows& given = problem.given()->training;
    const std::size_t images = (given.images.size() - 1) / given.rows + 1;
    return std::clamp(2 * rows / images, std::min(least, rows), rows);
}

perception::LetterLoss LetterSearch::Alphabet::loss(const perception::Batch& batch,
                                                    std::span<const double> probabilities,
                                                    std::span<const double> weights) const {
    return std::visit([&](const auto& of_rules) { return of_rules.loss(batch, probabilities, weights); }, likelihood);
}

base::Result<LetterSearch> LetterSearch::make(const perception::Problem& problem,
                                              const perception::ExampleSource& source,
                                              std::span<const double> letters, bool always_rules, int threads,
                                              base::Stop stop) {
    constexpr std::size_t most_held_out = 256;
    const perception::GivenRows& rows = problem.given()->training;
    auto explanations = explain(problem, letters, always_rules, threads, std::move(stop));
    if (!explanations) return base::failure(explanations.error());
    LetterSearch search;
    search.problem_ = &problem;
    search.say_little_ = explanations->say_little && !explanations->rules.empty();
    search.rules_ = std::move(explanations->rules);
    const bool long_rows = problem.has_long_rows();
    std::vector<LetterTrial> trials = letter_trials(*explanations, search.hypotheses(), problem, threads);
    if (always_rules && !long_rows && !trials.front().clusters)
        return base::failure("letters", "images that look alike and say nothing of the outputs under any rule",
                             "images that show letters");
    for (LetterTrial& trial : trials) {
        identification::OutputExplanation& each = trial.explanation;
        if (long_rows) {
            perception::FoldRowsLikelihood likelihood(search.hypotheses(), each.alphabet, each.candidates,
                                                      explanations->possible_outputs);
            search.alphabets_.push_back({std::move(each), std::move(trial.clusters), std::move(likelihood)});
            continue;
        }
        perception::LetterLikelihood likelihood(search.hypotheses(), each.alphabet, each.candidates,
                                                explanations->tolerances, explanations->possible_outputs);
        search.alphabets_.push_back({std::move(each), std::move(trial.clusters), std::move(likelihood)});
    }
    const std::vector<bool> held_out = every_eighth(rows.rows);
    search.source_ = source_of(source, perception::part_of(rows, held_out, false));
    search.held_out_ = perception::draw_batch(source_of(source, perception::part_of(rows, held_out, true)),
                                              {.rows = rows_of_batch(problem, most_held_out), .augmentation = {}}, 0);
    return search;
}

bool LetterSearch::leads_beside_pool(const LetterSearchState& state) const {
    const std::vector<std::size_t>& found = formulas(state);
    return std::any_of(found.begin(), found.end(), [&](std::size_t each) { return hypotheses().is_rule(each); });
}

std::vector<std::vector<bool>> LetterSearch::same_formulas(const LetterSearchState& state) const {
    const identification::MonomialTable& pool = problem_->table;
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
           (state.read.empty() || state.read.size() == of(state).explanation.candidates.size());
}

const std::vector<std::size_t>& LetterSearch::formulas(const LetterSearchState& state) const {
    return of(state).explanation.candidates[leader(state)];
}

base::Result<perception::StepReport> LetterSearch::step(perception::Engine& engine,
                                                        const perception::BatchOptions& options,
                                                        const perception::StepNumber& number,
                                                        double learning_rate, LetterSearchState& state) const {
    constexpr std::size_t interval = 10;
    if (state.steps % interval == 0)
        if (auto judged = judge(engine, state); !judged) return base::failure(judged.error());
    const std::vector<double> weights = weights_of(state.read, temperature(++state.steps));
    return descend(engine, source_, options, number, learning_rate, state, weights);
}

base::Result<perception::StepReport> LetterSearch::descend(perception::Engine& engine,
                                                           const perception::ExampleSource& source,
                                                           perception::BatchOptions options,
                                                           const perception::StepNumber& number,
                                                           double learning_rate, const LetterSearchState& state,
                                                           std::span<const double> weights) const {
    options.rows = rows_of_batch(*problem_, options.rows);
    const std::vector<perception::Batch> batches = perception::draw_parts(source, options, number);
    std::vector<perception::PartToWeigh> parts;
    for (const perception::Batch& batch : batches)
        parts.push_back({batch.pixels, [&](std::span<const double> probabilities) {
                             return of(state).loss(batch, probabilities, weights);
                         }});
    return engine.letters_step(parts, learning_rate);
}

base::Status LetterSearch::judge(perception::Engine& engine, LetterSearchState& state) const {
    constexpr double much = 0.03;
    const auto probabilities = engine.read(held_out_.pixels);
    if (!probabilities) return base::failure(probabilities.error());
    const std::vector<double> nothing_to_learn(of(state).explanation.candidates.size());
    state.read = of(state).loss(held_out_, *probabilities, nothing_to_learn).log_likelihoods;
    const double now = read(state);
    if (state.steps == 0 || now > state.marked_read + much * std::abs(of(state).explanation.log_likelihood)) {
        state.marked_read = now;
        state.marked_at = state.steps;
    }
    return {};
}

base::Result<perception::StepReport> LetterSearch::refine_step(perception::Engine& engine,
                                                               const perception::ExampleSource& source,
                                                               const perception::BatchOptions& options,
                                                               const perception::StepNumber& number,
                                                               double learning_rate,
                                                               const LetterSearchState& state) const {
    std::vector<double> weights(of(state).explanation.candidates.size());
    weights[leader(state)] = 1;
    return descend(engine, source, options, number, learning_rate, state, weights);
}

base::Status LetterSearch::begin(perception::Engine& engine, const LetterSearchState& state,
                                 const datasets::Augmentation& augmentation, double learning_rate,
                                 const perception::StepParts& parts, std::size_t& images) const {
    constexpr std::size_t steps = 80, images_of_step = 128;
    if (!of(state).clusters) return {};
    const ClusterLetters& known = *of(state).clusters;
    for (std::size_t step = 0; step < steps; ++step) {
        base::RandomStream random(problem_->seed, base::Purpose::batch_images, state.start * steps + step);
        std::vector<std::uint32_t> chosen;
        std::vector<std::int64_t> letters;
        for (std::size_t i = 0; i < images_of_step; ++i) {
            const std::size_t place = random.below64(known.images.size());
            chosen.push_back(known.images[place]);
            letters.push_back(known.letters[place]);
        }
        const auto pixels =
            datasets::augmented_pixels(problem_->dataset.train, chosen, augmentation, problem_->seed, step);
        if (std::all_of(letters.begin(), letters.end(), [](std::int64_t letter) { return letter < 0; })) continue;
        if (const auto report = engine.reading_step(equal_parts(pixels, letters, parts), learning_rate); !report)
            return base::failure(report.error());
        images += images_of_step;
    }
    return {};
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
    for (std::size_t next = after + 1; next < alphabets(); ++next) {
        if (!reads_very_well(best) || alphabets_[next].explanation.score >= of(best).explanation.score - nats)
            return next;
    }
    return std::nullopt;
}

bool LetterSearch::decided(const LetterSearchState& state) const {
    if (state.steps < least_steps || !is_ahead(state)) return false;
    if (state.trial && alphabets() > 1)
        return state.alphabet == 0 && reads_very_well(state) && !next_alphabet(state, 0);
    return reads_well(state);
}

bool LetterSearch::reads_well(const LetterSearchState& state) const {
    constexpr double well_read = 0.6;
    return read(state) > well_read * of(state).explanation.log_likelihood;
}

bool LetterSearch::reads(const LetterSearchState& state) const {
    constexpr double hardly = 0.9;
    return read(state) > hardly * of(state).explanation.log_likelihood;
}

bool LetterSearch::trial_is_over(const LetterSearchState& state) const {
    const std::size_t most_steps = 4 * patience();
    return state.trial && state.steps >= least_steps &&
           (stuck(state) || state.steps >= most_steps || (is_ahead(state) && reads_very_well(state)));
}

std::size_t LetterSearch::patience() const {
    return say_little_ || problem_->has_long_rows() ? 3 * least_steps : least_steps;
}

bool LetterSearch::stuck(const LetterSearchState& state) const {
    const std::size_t many_steps = state.trial ? patience() : 2 * patience();
    return state.steps >= state.marked_at + many_steps;
}

bool LetterSearch::reads_better(const LetterSearchState& state, const LetterSearchState& than) const {
    constexpr double chance = 0.02;
    return read(state) > read(than) + chance * std::abs(of(than).explanation.log_likelihood);
}

double LetterSearch::read(const LetterSearchState& state) const {
    return state.read.empty() ? -std::numeric_limits<double>::infinity() : state.read[leader(state)];
}

std::vector<std::size_t> LetterSearch::mirror_image(const LetterSearchState& state) const {
    if (problem_->has_long_rows()) return {};
    const identification::LetterValues values(hypotheses(), alphabet(state));
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

std::vector<rules::Rule> LetterSearch::rules_of(const std::vector<std::size_t>& candidate) const {
    std::vector<rules::Rule> found;
    for (const std::size_t each : candidate)
        found.push_back(hypotheses().is_rule(each) ? hypotheses().rule(each)
                                                   : rules::rule_of(problem_->pool.formulas[each]));
    return found;
}

void LetterSearch::add_rules(LetterFindings& findings, const LetterSearchState& state) const {
    findings.mirror_image = mirror_image(state);
    for (const rules::Rule& rule : rules_of(findings.mirror_image)) findings.mirror_text.push_back(rule.text);
    if (!leads_beside_pool(state)) return;
    findings.rules = rules_of(formulas(state));
    const std::size_t first = leader(state);
    std::size_t next = first;
    for (std::size_t c = 0; c < state.read.size(); ++c)
        if (c != first && (next == first || state.read[c] > state.read[next])) next = c;
    if (next == first) return;
    findings.next_rules = rules_of(of(state).explanation.candidates[next]);
    findings.ahead = state.read[first] - state.read[next];
}

LetterFindings LetterSearch::findings(const LetterSearchState& state) const {
    const identification::OutputExplanation& found = of(state).explanation;
    LetterFindings findings{.candidates = found.candidates.size(),
                            .steps = state.steps,
                            .starts = state.start + 1,
                            .unseen = found.log_likelihood,
                            .read = read(state),
                            .other_alphabets = found.same,
                            .mirror_image = {},
                            .mirror_text = {},
                            .rules = {},
                            .next_rules = {}};
    for (const Alphabet& other : alphabets_)
        if (&other != &of(state) &&
            other.explanation.score >= found.score - identification::OutputExplanations::as_well)
            findings.other_alphabets.push_back(other.explanation.alphabet);
    return findings;
}

} // namespace ropewalk::learning
