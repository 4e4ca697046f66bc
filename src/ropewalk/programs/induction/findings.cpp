#include "ropewalk/programs/induction/findings.hpp"

#include <algorithm>

#include "ropewalk/programs/induction/one_size.hpp"
#include "ropewalk/programs/induction/realise.hpp"

namespace ropewalk::induction {

void add_new_programs(std::vector<search::Candidate> more, std::vector<search::Candidate>& known) {
    for (search::Candidate& candidate : more)
        if (std::none_of(known.begin(), known.end(),
                         [&](const search::Candidate& each) { return each.program == candidate.program; }))
            known.push_back(std::move(candidate));
}

Findings::Findings(const tasks::Task& task, const InduceOptions& options)
    : task_(&task), options_(&options), deadline_(options.run.stop.or_after(options.run.seconds)) {}

base::Result<Findings> Findings::of(const tasks::Task& task, const InduceOptions& options) {
    Findings findings(task, options);
    auto specification = specification_of(task, options.examples, options.run.seed);
    if (!specification && !options.tune) return base::failure(std::move(specification.error()));
    findings.is_searchable = specification.has_value();
    if (specification) findings.specification = std::move(*specification);
    return findings;
}

double Findings::seconds_left() const {
    constexpr double moment = 0.01;
    return options_->run.seconds > 0 ? std::max(moment, options_->run.seconds - watch_.seconds()) : 0;
}

bool Findings::is_out_of_time() const {
    return options_->run.seconds > 0 && watch_.seconds() >= options_->run.seconds;
}

bool Findings::is_out_of_work() const {
    return options_->programs > 0 && work >= static_cast<double>(options_->programs);
}

bool Findings::is_out_of_budget() const {
    return options_->run.stop() || is_out_of_time() || is_out_of_work();
}

base::StopReason Findings::stop_reason() const {
    using base::StopReason;
    return is_found()             ? StopReason::found
           : options_->run.stop() ? StopReason::interrupted
           : is_out_of_time()     ? StopReason::seconds
           : is_out_of_work()     ? StopReason::work
                                  : StopReason::exhausted;
}

search::SearchOptions Findings::limits(std::uint64_t programs) const {
    search::SearchOptions limits = options_->search_options;
    limits.run.threads = options_->run.threads;
    limits.run.stop = options_->run.stop;
    limits.run.progress = options_->run.progress;
    limits.run.seconds = seconds_left();
    limits.programs = programs;
    if (options_->programs > 0) {
        const auto done = static_cast<std::uint64_t>(work);
        limits.programs = std::min(programs, options_->programs > done ? options_->programs - done : 1);
    }
    return limits;
}

search::Verifier Findings::verifier() const {
    return verifier_of(*task_, specification.examples, options_->run.seed, options_->run.threads);
}

void Findings::add_near_misses(std::vector<search::Candidate> misses) {
    std::vector<search::Candidate>& known = result.near_misses;
    add_new_programs(std::move(misses), known);
    std::stable_sort(known.begin(), known.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
    const auto most = static_cast<std::size_t>(std::max(1, options_->search_options.near_misses));
    if (known.size() > most) known.resize(most);
}

void Findings::accept(const language::Program& source, std::string found_by) {
    const auto program = realised(source, *task_, specification.examples);
    if (!program) return;
    accept(*program, std::move(found_by));
    if (!result.program) return;
    const auto numbers = task_->from_examples ? with_size_as_number(source, task_->cells) : std::nullopt;
    result.source = numbers.value_or(source);
    result.size_or_number = numbers.has_value();
}

void Findings::accept(const assembly::Program& program, std::string found_by) {
    const auto fitted = tuning::fit_to_task(program, *task_);
    if (!fitted) return;
    tuning::Certificate certificate =
        tuning::certify(*fitted, *task_, {.seed = options_->run.seed, .threads = options_->run.threads});
    if (!certificate.holds) return;
    result.program = *fitted;
    result.certificate = std::move(certificate);
    result.found_by = std::move(found_by);
}

} // namespace ropewalk::induction
