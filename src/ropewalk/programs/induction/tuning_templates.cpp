// The strategy that tunes: near misses of the searches as templates of gradient descent.
#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/induction/strategy.hpp"

namespace ropewalk::induction {

namespace {

/// As tuning takes them.
const auto examples_per_gradient_step = static_cast<std::uint64_t>(tuning::TuneOptions{}.batch);

class TuningOfTemplates : public Strategy {
public:
    double credit() const override { return 0.02; }

    base::Result<Turn> turn(Findings& findings) override {
        const InduceOptions& options = findings.options();
        const auto examples = examples_of(findings);
        refresh_templates(findings, examples);
        Template& start = least_tried();
        const int iterations = options.iterations << std::min(start.turns, 10);
        const long steps = start.program ? *start.program->steps : findings.task().steps;
        Turn record{.strategy = "tune " + start.name};
        record.step_samples = static_cast<std::uint64_t>(options.restarts) *
                              static_cast<std::uint64_t>(iterations) * examples_per_gradient_step *
                              static_cast<std::uint64_t>(steps);
        const auto tuned = tune_template(start, findings.task(), options.restarts, iterations, options,
                                         turns_++, findings.deadline());
        ++start.turns;
        // A template that does not fit is no reason to give up the others.
        if (!tuned) return record;
        const Template tuned_from = start; // a copy, because templates are added below
        record.score = keep_nearer(*tuned, tuned_from, examples, findings);
        if (tuned->best) take_best(*tuned, tuned_from, findings);
        return record;
    }

private:
    static std::vector<machine::Example> examples_of(const Findings& findings) {
        if (!findings.specification.examples.empty()) return findings.specification.examples;
        const InduceOptions& options = findings.options();
        base::RandomStream random(options.run.seed, base::Purpose::training_examples);
        return draw_examples(findings.task(), options.examples, random);
    }

    /// Near misses that are new since the last turn become templates; turns that were taken stay counted.
    void refresh_templates(const Findings& findings, const std::vector<machine::Example>& examples) {
        for (Template& each :
             templates_of(findings.result.near_misses, findings.task(), examples, findings.options())) {
            const bool known = std::any_of(templates_.begin(), templates_.end(), [&](const Template& old) {
                return old.program == each.program && old.name == each.name;
            });
            if (!known) templates_.push_back(std::move(each));
        }
    }

    /// The best of those that had the fewest turns.
    Template& least_tried() {
        return *std::min_element(templates_.begin(), templates_.end(),
                                 [](const Template& a, const Template& b) {
                                     return std::pair(a.turns, -a.score) < std::pair(b.turns, -b.score);
                                 });
    }

    /// The best score of the restarts. The first that is nearer to the target than any before becomes a template, and
    /// a first part of sequences.
    double keep_nearer(const tuning::TuneResult& tuned, const Template& tuned_from,
                       const std::vector<machine::Example>& examples, Findings& findings) {
        constexpr std::size_t most_tuned = 4;
        double best = 0;
        for (const tuning::Restart& restart : tuned.restarts) {
            assembly::Program program = restart.program;
            program.steps = tuned.steps;
            const double score = score_of(program, examples);
            best = std::max(best, score);
            if (score <= std::max(tuned_from.score, best_score_) || score >= 1) continue;
            best_score_ = score;
            findings.tuned.insert(findings.tuned.begin(), {tuned_from.name, program, score});
            templates_.push_back({tuned_from.name + ", tuned", program, score});
            if (findings.tuned.size() > most_tuned) findings.tuned.pop_back();
            break;
        }
        return best;
    }

    static void take_best(const tuning::TuneResult& tuned, const Template& tuned_from, Findings& findings) {
        const tuning::Restart& best = tuned.restarts[*tuned.best];
        assembly::Program program = best.program;
        if (!program.steps) program.steps = tuned.steps;
        findings.accept(program, fmt::format("tuning from {}{}", tuned_from.name,
                                             best.repaired ? ", then repair" : ""));
        if (!best.repaired) findings.result.weights = best.model;
    }

    std::vector<Template> templates_;
    double best_score_ = 0;
    std::uint64_t turns_ = 0;
};

} // namespace

std::unique_ptr<Strategy> tuning_of_templates() { return std::make_unique<TuningOfTemplates>(); }

} // namespace ropewalk::induction
