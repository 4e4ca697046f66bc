#pragma once

#include <optional>

#include "ropewalk/programs/compiler/compiler.hpp"
#include "ropewalk/programs/tasks/tasks.hpp"
#include "ropewalk/programs/tuning/adam.hpp"
#include "ropewalk/programs/tuning/certificate.hpp"
#include "ropewalk/programs/tuning/schedules.hpp"

namespace ropewalk::tuning {

/// Where descent starts. A machine that stops early, jumps about or overwrites what it has read passes little
/// gradient back through time; one that mostly does nothing passes it on.
struct StartOptions {
    /// Standard deviation of the normal noise on random weights, and on the weights of a program when a
    /// restart is seeded again: the first time a program starts as it is compiled.
    double random_spread = 2;
    double program_spread = 1;
    /// Added to the weights of each of `halt` and `jump`, except on lines of a program that are that
    /// instruction.
    double stop_bias = -10;
    /// Added to the weights of `nop` in random weights.
    double idle_bias = 2;

    static constexpr auto fields = base::fields(
        base::field<&StartOptions::random_spread>(
            "spread", "Standard deviation of random weights at the start", base::within(0.0, 1e3)),
        base::field<&StartOptions::program_spread>(
            "program_spread", "The same around a program, when a restart is seeded again",
            base::within(0.0, 1e3)),
        base::field<&StartOptions::stop_bias>(
            "stop_bias", "Added to the weights of halt and jump, except on lines of a program that are that",
            base::within(-1e3, 1e3)),
        base::field<&StartOptions::idle_bias>("idle_bias", "Added to the weights of nop in random weights",
                                              base::within(-1e3, 1e3)));
};

struct TuneOptions {
    base::Run run;
    int restarts = 100;
    /// Gradient steps per restart.
    int iterations = 4000;
    /// Examples per gradient step, drawn anew from the task's domain.
    int batch = 2;
    /// Short memories suit gradients of few examples.
    AdamSettings adam{.learning_rate = 0.3, .beta1 = 0.5, .beta2 = 0.95};
    machine::Loss loss = machine::squared_loss();
    /// Noise and encoding of the initial program (eq. 3). For random restarts only the instruction set, the
    /// switches and the lines matter.
    compiler::CompileOptions compile{.gamma = 0.3};
    StartOptions start;
    /// Machine steps; 0: the initial program's own, else the task's.
    long steps = 0;
    /// Draw the number of finished parts of the work anew for each gradient step, and run only so many steps,
    /// for tasks that have parts (tasks::Task::stages): a curriculum on T.
    bool random_steps = true;
    /// Policies over the course of a run; the defaults switch each of them off.
    Schedules schedules;
    /// Every so many gradient steps, restarts whose loss did not fall by a hundredth since the last time
    /// start anew from fresh noise; 0: never. What a restart reached before still counts, and it counts as
    /// one.
    int reseed_interval = 160;
    /// Every so many gradient steps the worst quarter of each group of 16 restarts is replaced by perturbed
    /// copies of the best one; 0: never. Restarts of a group are then no longer independent.
    int population_interval = 0;
    /// Standard deviation of the perturbation of each weight.
    double population_noise = 1;
    /// Search the neighbourhood of hard programs that are wrong (see repair).
    bool repair = true;
    /// Programs that the repair of one restart may run; 0: no limit.
    long repair_candidates = 0;
    /// Examples that judge a restart at the end, drawn for that alone; in a small domain inputs occur again.
    int held_out = 256;
    /// Every so many gradient steps a restart is read out and judged on `check_examples` training examples.
    int check_interval = 80;
    int check_examples = 32;

    static constexpr auto fields = base::fields(
        base::group<&TuneOptions::run>(),
        base::field<&TuneOptions::restarts>("restarts", "Independent restarts", base::within(1, 1'000'000)),
        base::field<&TuneOptions::iterations>("iterations", "Gradient steps per restart",
                                              base::within(0, 10'000'000)),
        base::field<&TuneOptions::batch>("batch", "Examples per gradient step", base::within(1, 1'000'000)),
        base::group<&TuneOptions::adam>(), base::group<&TuneOptions::compile>(),
        base::group<&TuneOptions::start>(),
        base::field<&TuneOptions::steps>("steps", "Machine steps; 0: the program's, or the task's",
                                         base::within(0L, 1'000'000L)),
        base::field<&TuneOptions::random_steps>("curriculum",
                                                "Random step budget for tasks whose work has parts"),
        base::group<&TuneOptions::schedules>(),
        base::field<&TuneOptions::reseed_interval>("reseed",
                                                   "Every so many gradient steps, a multiple of the check "
                                                   "interval, start restarts anew whose loss does not "
                                                   "fall; 0: never",
                                                   base::within(0, 1'000'000)),
        base::field<&TuneOptions::population_interval>(
            "population",
            "Replace the worst quarter of each 16 restarts by copies of the best every so many gradient "
            "steps, a "
            "multiple of the check interval; 0: restarts stay independent",
            base::within(0, 1'000'000)),
        base::field<&TuneOptions::population_noise>(
            "population_noise", "Standard deviation of the noise on such copies", base::within(0.0, 1e3)),
        base::field<&TuneOptions::repair>("repair",
                                          "Edit hard programs that are wrong, one or two edits deep"),
        base::field<&TuneOptions::repair_candidates>(
            "repair_candidates", "Programs that the repair of one restart may run; 0: no limit",
            base::within(0L, 1'000'000'000L)),
        base::field<&TuneOptions::held_out>("held_out", "Examples that judge a restart at the end",
                                            base::within(1, 1'000'000)),
        base::field<&TuneOptions::check_interval>(
            "check_interval", "Gradient steps between two looks at a restart", base::within(1, 1'000'000)),
        base::field<&TuneOptions::check_examples>(
            "check_examples", "Examples that judge a restart at such a look", base::within(1, 1'000'000)));
};

/// One restart at its best moment: the first check at which most held of "hard program right", "soft outputs
/// right", lowest loss, in this order.
struct Restart {
    compiler::Model model;
    assembly::Program program; ///< hardened, unreachable lines removed
    double loss = 0;           ///< on the check examples
    int iterations = 0;        ///< gradient steps made
    int number = 0;            ///< of the restart: those that never began are left out
    bool soft = false;
    bool hard = false;
    /// `program` is the hardened one after edits; its soft and hard standing are those before.
    bool repaired = false;
    /// Right on the whole domain, or on 2^16 random inputs of one beyond `exhaustive_limit`.
    bool certified = false;
};

/// The three meanings of "recovered", over all restarts, and how many of the certified ones repair made.
struct Recovered {
    base::Proportion soft, hard, certified;
    int repaired = 0;
};

struct TuneResult {
    std::vector<Restart> restarts;
    Recovered recovered;
    long steps = 0;
    /// The shortest certified program; the first restart wins ties.
    std::optional<std::size_t> best;
    /// Where no restart is certified and there was a program to start from: what one or two edits of that make of it,
    /// if it is certified. Descent drifts from a program that lacks one line; repair finds the line.
    std::optional<Restart> repaired_start;
    std::optional<Certificate> certificate;
    bool stopped_early = false;
    /// Whether memory did not suffice for all restarts; those that had begun are here.
    bool out_of_memory = false;

    /// What was found, by a restart or beside them.
    const Restart* found() const {
        return best ? &restarts[*best] : repaired_start ? &*repaired_start : nullptr;
    }
};

/// Gradient descent from `restarts` noisy copies of a program, or from random weights when there is none:
/// initialise -> descend -> harden -> judge -> repair -> certify. Fails when the program does not fit the
/// task's machine.
base::Result<TuneResult> tune(const tasks::Task& task, const std::optional<assembly::Program>& initial,
                              const TuneOptions& options);

} // namespace ropewalk::tuning
