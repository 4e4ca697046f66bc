#include "ropewalk/programs/induction/rebase.hpp"

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/induction/realise.hpp"

namespace ropewalk::induction {

namespace {

/// Examples that say how many steps a program needs.
constexpr int examples_for_steps = 16;

std::string tasks_of_every_size() {
    std::string names;
    for (const tasks::Task& each : tasks::catalogue())
        if (each.resized) names += (names.empty() ? "" : ", ") + each.name;
    return names;
}

} // namespace

base::Result<Rebased> rebase(const language::Program& source, const tasks::Task& task, int base,
                             const RebaseOptions& options) {
    if (!task.resized)
        return base::failure("setting `rebase`", "task " + task.name + ", which has one size only",
                             "a task that exists in every size: " + tasks_of_every_size());
    const tasks::Task larger = task.resized(base, base);
    base::RandomStream random(options.seed, base::Purpose::training_examples);
    const auto examples = draw_examples(larger, examples_for_steps, random);
    return realised(source, larger, examples)
        .and_then([&](const assembly::Program& program) { return tuning::fit_to_task(program, larger); })
        .map([&](assembly::Program program) {
            tuning::Certificate certificate = tuning::certify(
                program, larger,
                {.random_inputs = options.random_inputs,
                 .seed = options.seed,
                 .threads = options.threads,
                 .stop = options.stop});
            return Rebased{base, std::move(program), std::move(certificate)};
        });
}

} // namespace ropewalk::induction
