// Reading images as letters while formulas are open: the outputs alone have left a few candidates, and the
// network learns to read under all of them at once until one is ahead.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/letter_trials.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

/// Where a search for letters is.
struct LetterSearchState {
    std::size_t alphabet = 0; ///< of those that explain the outputs
    bool trial = true;        ///< whether other alphabets are to be tried before this one goes on
    std::size_t start = 0;    ///< which of several first weights
    std::size_t steps = 0;    ///< of this start
    std::vector<double> read; ///< [candidates], log likelihood of a row that is held out
    double marked_read = 0;   ///< the leader's when it last rose much, and the step of that
    std::size_t marked_at = 0;
};

/// What a search for letters found.
struct LetterFindings {
    std::size_t candidates = 0; ///< that the outputs alone left with this alphabet
    std::size_t steps = 0;      ///< until one was ahead
    std::size_t starts = 0;     ///< until then
    double unseen = 0;          ///< log likelihood of a row where images are not looked at, nats
    double read = 0;            ///< of a row that was held out where they are read, by then
    std::vector<std::vector<double>> other_alphabets; ///< that explain the outputs as well
    /// Other formulas of all tasks that give the same outputs when every letter is replaced by its
    /// counterpart from the other end of the alphabet (s2 - s1 for s1 - s2); empty: none. Images cannot tell.
    std::vector<std::size_t> mirror_image;
    std::vector<std::string> mirror_text; ///< the same as people write it
    /// Rules of all tasks, where some of them are no formulas of the pool; empty: the decisions say all.
    std::vector<rules::Rule> rules;
    std::vector<rules::Rule> next_rules; ///< of the candidate that comes next; empty where it is alone
    double ahead = 0;                    ///< nats of a row by which it is behind
};

/// Rows of a step that were to be so many, fewer where they are long: with as many images as that many rows of two have,
/// 8 rows in any case.
std::size_t rows_of_batch(const perception::Problem& problem, std::size_t rows);

/// Of rows that are given. An eighth of them is held out: a network soon knows by heart what any formula
/// would have its images be, but only the right one tells it what other images are.
class LetterSearch {
public:
    /// `letters` are those there may be; empty: any. Rules beside the pool are asked where its formulas explain
    /// nothing, or in any case. Fails where explain_outputs does, which `stop` stops.
    /// Long rows are asked of explain_rows.
    static base::Result<LetterSearch> make(const perception::Problem& problem,
                                           const perception::ExampleSource& source,
                                           std::span<const double> letters, bool always_rules, int threads,
                                           base::Stop stop);

    /// Whether rules beside the pool have been asked.
    bool asked_rules() const { return !rules_.empty(); }

    /// Whether the leader has a rule that is no formula of the pool.
    bool leads_beside_pool(const LetterSearchState& state) const;

    /// Whether a state may be of a search of these rows.
    bool fits(const LetterSearchState& state) const;

    const std::vector<double>& alphabet(const LetterSearchState& state) const {
        return of(state).explanation.alphabet;
    }

    /// Of all tasks: the leader's, numbers of rules after those of the pool.
    const std::vector<std::size_t>& formulas(const LetterSearchState& state) const;

    /// Which formulas of the pool are the same as these on all letters: [tasks, formulas].
    std::vector<std::vector<bool>> same_formulas(const LetterSearchState& state) const;

    /// The candidate under which rows that are held out are the likeliest.
    std::size_t leader(const LetterSearchState& state) const;

    /// Teaches a network that reads nothing yet what clusters of images say of letters, where that is known; images
    /// seen are added to `images`.
    base::Status begin(perception::Engine& engine, const LetterSearchState& state,
                       const datasets::Augmentation& augmentation, double learning_rate,
                       const perception::StepParts& parts, std::size_t& images) const;

    /// One Adam step under all candidates, each with the weight that the rows held out give it. Weights sharpen as
    /// steps go on.
    base::Result<perception::StepReport> step(perception::Engine& engine,
                                              const perception::BatchOptions& options,
                                              const perception::StepNumber& number, double learning_rate,
                                              LetterSearchState& state) const;

    /// One Adam step under the leader, on any rows.
    base::Result<perception::StepReport> refine_step(perception::Engine& engine,
                                                     const perception::ExampleSource& source,
                                                     const perception::BatchOptions& options,
                                                     const perception::StepNumber& number, double learning_rate,
                                                     const LetterSearchState& state) const;

    /// Whether rows that are held out are far likelier under the leader than under any other candidate.
    bool is_ahead(const LetterSearchState& state) const;

    /// Whether the leader is far ahead, and images are read so well, that more steps change nothing; in the
    /// first trial they must be read very well, and no other alphabet may explain the outputs nearly as well.
    bool decided(const LetterSearchState& state) const;

    /// Whether images tell most of the outputs.
    bool reads_very_well(const LetterSearchState& state) const;

    /// The alphabet to be tried after one, when `best` is the best trial so far: where that reads very well,
    /// only those that explain the outputs nearly as well.
    std::optional<std::size_t> next_alphabet(const LetterSearchState& best, std::size_t after) const;

    /// Whether images tell much of the outputs.
    bool reads_well(const LetterSearchState& state) const;

    /// Whether images tell something of the outputs.
    bool reads(const LetterSearchState& state) const;

    /// Whether a trial has shown how well its alphabet is read: very well, or no better for many steps.
    bool trial_is_over(const LetterSearchState& state) const;

    /// Whether rows that are held out have not become likelier for many steps.
    bool stuck(const LetterSearchState& state) const;

    /// Whether images are read so much better with one alphabet than with another that comes before it that
    /// it is not by chance.
    bool reads_better(const LetterSearchState& state, const LetterSearchState& than) const;

    std::size_t alphabets() const { return alphabets_.size(); }

    /// Without mirror image and rules, which are told once.
    LetterFindings findings(const LetterSearchState& state) const;

    /// Adds them.
    void add_rules(LetterFindings& findings, const LetterSearchState& state) const;

    /// See LetterFindings.
    std::vector<std::size_t> mirror_image(const LetterSearchState& state) const;

private:
    struct Alphabet {
        identification::OutputExplanation explanation;
        std::optional<ClusterLetters> clusters; ///< see LetterTrial
        /// Of formulas, or of programs over rows of any length.
        std::variant<perception::LetterLikelihood, perception::FoldRowsLikelihood> likelihood;

        perception::LetterLoss loss(const perception::Batch& batch, std::span<const double> probabilities,
                                    std::span<const double> weights) const;
    };

    const Alphabet& of(const LetterSearchState& state) const { return alphabets_[state.alphabet]; }
    /// Log likelihood of a row that is held out, under the leader.
    double read(const LetterSearchState& state) const;
    base::Status judge(perception::Engine& engine, LetterSearchState& state) const;

    /// One Adam step on rows of `source`, fewer where these are long, with a weight for each candidate.
    base::Result<perception::StepReport> descend(perception::Engine& engine, const perception::ExampleSource& source,
                                                 perception::BatchOptions options,
                                                 const perception::StepNumber& number, double learning_rate,
                                                 const LetterSearchState& state,
                                                 std::span<const double> weights) const;

    identification::Hypotheses hypotheses() const { return {problem_->table, rules_, problem_->given()->scale}; }
    std::vector<rules::Rule> rules_of(const std::vector<std::size_t>& candidate) const;

    /// Steps of a trial without progress that end it, and half of those of others. Outputs of two values tell little
    /// of each image.
    std::size_t patience() const;

    const perception::Problem* problem_ = nullptr;
    bool say_little_ = false; ///< see OutputExplanations
    std::vector<rules::Rule> rules_; ///< beside the pool
    std::vector<Alphabet> alphabets_;
    perception::ExampleSource source_; ///< of the rows to learn from
    perception::Batch held_out_;
};

} // namespace ropewalk::learning
