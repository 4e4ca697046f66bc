#include "ropewalk/programs/tuning/certify_part.hpp"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

#include "ropewalk/base/json.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/base/sha256.hpp"

namespace ropewalk::tuning {

namespace {

constexpr const char* part_format = "ropewalk-check";
constexpr std::uint64_t chunk_size = 4096;

/// The inputs of a certificate in order: the whole domain, or random members of it.
class Inputs {
public:
    Inputs(const tasks::Task& task, const CertifyOptions& options)
        : task_(task), seed_(options.seed), exhaustive_(task.domain_size <= exhaustive_limit),
          count_(exhaustive_ ? task.domain_size : options.random_inputs) {}

    bool exhaustive() const { return exhaustive_; }
    std::uint64_t count() const { return count_; }

    machine::Example operator[](std::uint64_t i) const {
        if (exhaustive_) return task_.example(i);
        base::RandomStream random(seed_, base::Purpose::certificate_inputs, i);
        return task_.example(random.below64(task_.domain_size));
    }

private:
    const tasks::Task& task_;
    std::uint64_t seed_;
    bool exhaustive_;
    std::uint64_t count_;
};

Counterexample counterexample(const machine::Example& example, const machine::ExactState& state) {
    return {.memory = example.memory,
            .registers = example.registers,
            .expected_memory = example.expected_memory,
            .found_memory = state.memory,
            .expected_registers = example.expected_registers,
            .found_registers = state.registers};
}

/// Asks after every half a second's steps of all inputs together whether to stop, so that what is shorter
/// comes to its end: a program that was found is certified although somebody wants to stop. Some inputs alone
/// take hours.
class Runner {
public:
    Runner(const assembly::Program& program, long steps, const base::Stop& stop,
           std::atomic<long>& since_asked)
        : machine_(program), steps_(steps), stop_(stop), since_asked_(since_asked) {}

    /// Whether the machine is as the example expects in the end; nothing when it was stopped before.
    std::optional<bool> is_right(const machine::Example& example) {
        machine_.load(example);
        for (long left = steps_; left > 0;) {
            const long slice = std::min(left, most_steps), ran = machine_.run(slice);
            left = ran < slice ? 0 : left - ran;
            since_asked_ += ran;
            if (since_asked_ < most_steps) continue;
            if (stop_.requested()) return std::nullopt;
            since_asked_ = 0;
        }
        return machine_.matches(example);
    }

private:
    static constexpr long most_steps = 1 << 27;

    machine::ExactMachine machine_;
    long steps_;
    const base::Stop& stop_;
    std::atomic<long>& since_asked_;
};

CertifyPart run_inputs(const assembly::Program& program, const Inputs& inputs, long steps,
                       const CertifyOptions& options, base::UnitRange range) {
    std::atomic<std::uint64_t> first{range.end}, right{0};
    std::atomic<bool> stopped{false};
    std::atomic<long> since_asked{0};
    base::parallel_for((range.count() + chunk_size - 1) / chunk_size, options.threads, [&](std::size_t chunk) {
        if (stopped) return;
        Runner runner(program, steps, options.stop, since_asked);
        const std::uint64_t begin = range.begin + chunk * chunk_size, end = std::min(range.end, begin + chunk_size);
        for (std::uint64_t i = begin; i < end && i < first.load(std::memory_order_relaxed); ++i) {
            const std::optional<bool> is_right = runner.is_right(inputs[i]);
            if (!is_right) {
                stopped = true;
                return;
            }
            if (*is_right) {
                ++right;
                continue;
            }
            std::uint64_t known = first.load();
            while (i < known && !first.compare_exchange_weak(known, i)) {
            }
            return;
        }
    });
    return {.range = range, .first_wrong = first, .right = right, .stopped = stopped};
}

/// Of the first `count` inputs, one byte a value.
std::string digest(const Inputs& inputs, std::uint64_t count) {
    base::Sha256 sha256;
    std::vector<unsigned char> bytes;
    for (std::uint64_t i = 0; i < count; ++i) {
        const machine::Example example = inputs[i];
        bytes.assign(example.memory.begin(), example.memory.end());
        bytes.insert(bytes.end(), example.registers.begin(), example.registers.end());
        sha256.add(bytes);
    }
    return sha256.hex();
}

/// The parts as one. Fails where inputs are missing or come twice.
base::Result<CertifyPart> gathered_checks(std::vector<CertifyPart> parts, std::uint64_t count) {
    if (const auto ordered = base::put_in_order(parts, count, "inputs"); !ordered) return base::failure(ordered.error());
    CertifyPart all{.range = {0, count}, .first_wrong = count};
    for (const CertifyPart& part : parts) {
        all.right += part.right;
        all.stopped |= part.stopped;
        if (part.first_wrong < part.range.end) all.first_wrong = std::min(all.first_wrong, part.first_wrong);
    }
    return all;
}

long steps_of(const assembly::Program& program, const tasks::Task& task) { return program.steps.value_or(task.steps); }

Certificate certificate_of(const assembly::Program& program, const tasks::Task& task, const CertifyOptions& options,
                           const CertifyPart& check) {
    const Inputs inputs(task, options);
    const bool all_right = check.first_wrong == inputs.count();
    Certificate certificate{.task = task.name,
                            .from_examples = task.from_examples,
                            .examples_sha256 = task.examples_sha256,
                            .program = to_string(program),
                            .steps = steps_of(program, task),
                            .domain_size = task.domain_size,
                            .inputs_checked = all_right ? check.right : check.first_wrong + 1,
                            .exhaustive = inputs.exhaustive(),
                            .holds = all_right && !check.stopped,
                            .stopped = all_right && check.stopped,
                            .seed = options.seed};
    if (certificate.stopped) return certificate;
    if (!certificate.exhaustive) certificate.inputs_sha256 = digest(inputs, certificate.inputs_checked);
    if (certificate.holds) return certificate;
    const machine::Example example = inputs[check.first_wrong];
    certificate.counterexample = counterexample(
        example, machine::run_exact(program, example.memory, example.registers, certificate.steps));
    return certificate;
}

} // namespace

std::uint64_t input_count(const tasks::Task& task, const CertifyOptions& options) { return Inputs(task, options).count(); }

CertifyPart certify_part(const assembly::Program& program, const tasks::Task& task, const CertifyOptions& options,
                         base::UnitRange range) {
    base::expects(program.base == task.base && program.cells == task.cells && program.registers >= task.registers);
    const Inputs inputs(task, options);
    base::expects(range.begin <= range.end && range.end <= inputs.count());
    return run_inputs(program, inputs, steps_of(program, task), options, range);
}

base::Result<Certificate> join(const assembly::Program& program, const tasks::Task& task, const CertifyOptions& options,
                               std::vector<CertifyPart> parts) {
    return gathered_checks(std::move(parts), input_count(task, options)).map([&](const CertifyPart& check) {
        return certificate_of(program, task, options, check);
    });
}

Certificate certify(const assembly::Program& program, const tasks::Task& task, const CertifyOptions& options) {
    return certificate_of(program, task, options,
                          certify_part(program, task, options, {0, input_count(task, options)}));
}

std::string to_json(const CertifyPart& part) {
    return base::json_text(nlohmann::ordered_json{{"format", part_format},
                                                  {"begin", part.range.begin},
                                                  {"end", part.range.end},
                                                  {"right", part.right},
                                                  {"first_wrong", part.first_wrong},
                                                  {"stopped", part.stopped}},
                           1) +
           "\n";
}

base::Result<CertifyPart> parse_certify_part(std::string_view text, const std::string& file) {
    const auto foreign = [&] { return base::failure(file, "no part of a check", "one as `verify` writes it"); };
    const auto object = base::parse_json<nlohmann::ordered_json>(text);
    if (!object.is_object() || object.value("format", nlohmann::ordered_json()) != part_format) return foreign();
    for (const char* name : {"begin", "end", "right", "first_wrong"})
        if (!object.contains(name) || !object[name].is_number_unsigned()) return foreign();
    if (!object.contains("stopped") || !object["stopped"].is_boolean()) return foreign();
    return CertifyPart{.range = {object["begin"], object["end"]},
                       .first_wrong = object["first_wrong"],
                       .right = object["right"],
                       .stopped = object["stopped"]};
}

} // namespace ropewalk::tuning
