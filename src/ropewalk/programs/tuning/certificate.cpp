#include "ropewalk/programs/tuning/certificate.hpp"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ropewalk/base/random.hpp"
#include "ropewalk/base/sha256.hpp"

namespace ropewalk::tuning {

/// Objects keep the order they are written in.
using json = nlohmann::ordered_json;

namespace {

constexpr const char* format_name = "ropewalk-certificate";
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

/// What running the inputs came to.
struct Check {
    std::uint64_t first_wrong; ///< index, or the number of inputs
    std::uint64_t right;       ///< how many were right
    bool stopped;
};

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
            if ((since_asked_ += ran) < most_steps) continue;
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

Check run_inputs(const assembly::Program& program, const Inputs& inputs, long steps,
                 const CertifyOptions& options) {
    std::atomic<std::uint64_t> first{inputs.count()}, right{0};
    std::atomic<bool> stopped{false};
    std::atomic<long> since_asked{0};
    base::parallel_for(
        (inputs.count() + chunk_size - 1) / chunk_size, options.threads, [&](std::size_t chunk) {
            if (stopped) return;
            Runner runner(program, steps, options.stop, since_asked);
            const std::uint64_t begin = chunk * chunk_size,
                                end = std::min(inputs.count(), begin + chunk_size);
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
    return {first, right, stopped};
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

} // namespace

Certificate certify(const assembly::Program& program, const tasks::Task& task,
                    const CertifyOptions& options) {
    base::expects(program.base == task.base && program.cells == task.cells &&
                  program.registers >= task.registers);
    const Inputs inputs(task, options);
    const long steps = program.steps.value_or(task.steps);
    const auto [wrong, right, stopped] = run_inputs(program, inputs, steps, options);
    const bool all_right = wrong == inputs.count();
    Certificate certificate{.task = task.name,
                            .from_examples = task.from_examples,
                            .examples_sha256 = task.examples_sha256,
                            .program = to_string(program),
                            .steps = steps,
                            .domain_size = task.domain_size,
                            .inputs_checked = all_right ? right : wrong + 1,
                            .exhaustive = inputs.exhaustive(),
                            .holds = all_right && !stopped,
                            .stopped = all_right && stopped,
                            .seed = options.seed};
    if (certificate.stopped) return certificate;
    if (!certificate.exhaustive) certificate.inputs_sha256 = digest(inputs, certificate.inputs_checked);
    if (certificate.holds) return certificate;
    const machine::Example example = inputs[wrong];
    certificate.counterexample =
        counterexample(example, machine::run_exact(program, example.memory, example.registers, steps));
    return certificate;
}

namespace {

/// null for what is not scored
json scored(const std::vector<int>& values) {
    json list = json::array();
    for (const int value : values) list.push_back(value == machine::not_scored ? json(nullptr) : json(value));
    return list;
}

json text_or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

} // namespace

std::string claim_of(const Certificate& c) {
    if (c.stopped)
        return fmt::format("not finished: right on the {} inputs of {} that were checked", c.inputs_checked,
                           c.task);
    const std::string of =
        c.domain_size == ~std::uint64_t{0} ? "more than 2^62" : std::to_string(c.domain_size);
    const std::string what = c.from_examples ? fmt::format("the {} examples of", of)
                             : c.exhaustive
                                 ? fmt::format("all {} inputs of task", of)
                                 : fmt::format("{} random inputs of {} of task", c.inputs_checked, of);
    return fmt::format("{} {} {}, {} steps each{}", c.holds ? "right on" : "wrong on one of", what, c.task,
                       c.steps, c.exhaustive && !c.from_examples ? "" : "; says nothing about other inputs");
}

std::string to_json(const Certificate& c) {
    json object{{"claim", claim_of(c)},
                {"format", format_name},
                {"version", 2},
                {"task", c.task},
                {"from_examples", c.from_examples},
                {"examples_sha256", text_or_null(c.examples_sha256)},
                {"program", c.program},
                {"program_sha256", base::sha256(c.program)},
                {"steps", c.steps},
                {"domain_size", c.domain_size},
                {"exhaustive", c.exhaustive},
                {"inputs_checked", c.inputs_checked},
                {"holds", c.holds},
                {"seed", c.seed},
                {"inputs_sha256", text_or_null(c.inputs_sha256)},
                {"counterexample", nullptr}};
    if (c.counterexample) {
        const Counterexample& e = *c.counterexample;
        object["counterexample"] = {{"memory", e.memory},
                                    {"expected_memory", scored(e.expected_memory)},
                                    {"found_memory", e.found_memory}};
        if (!e.registers.empty()) object["counterexample"]["registers"] = e.registers;
        if (!e.expected_registers.empty()) {
            object["counterexample"]["expected_registers"] = scored(e.expected_registers);
            object["counterexample"]["found_registers"] = e.found_registers;
        }
    }
    // Names of files need not be UTF-8.
    return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

base::Result<Certificate> parse_certificate(std::string_view text, const std::string& file) {
    const auto refuse = [&](const std::string& found) {
        return base::failure(file, found, "a certificate written by `ropewalk verify` or `ropewalk tune`");
    };
    const auto object = base::parse_json<json>(text);
    if (!object.is_object()) return refuse("text that is not a JSON object");
    const json version = object.value("version", json());
    if (object.value("format", json()) != format_name || (version != 1 && version != 2))
        return refuse("JSON of another kind");
    const auto is = [&](const char* key, auto predicate) {
        return object.contains(key) && (object[key].*predicate)();
    };
    using Predicate = bool (json::*)() const noexcept;
    const Predicate text_value = &json::is_string, number = &json::is_number_unsigned,
                    truth = &json::is_boolean;
    for (const auto& [key, predicate] :
         {std::pair("task", text_value), std::pair("program", text_value), std::pair("steps", number),
          std::pair("domain_size", number), std::pair("inputs_checked", number), std::pair("seed", number),
          std::pair("exhaustive", truth), std::pair("holds", truth), std::pair("from_examples", truth)})
        if (!is(key, predicate)) return refuse(std::string("no valid entry '") + key + "'");
    const auto string_or_empty = [&](const char* key) {
        return is(key, text_value) ? object[key].get<std::string>() : std::string{};
    };
    Certificate certificate{.version = version,
                            .task = object["task"],
                            .from_examples = object["from_examples"],
                            .examples_sha256 = string_or_empty("examples_sha256"),
                            .program = object["program"],
                            .steps = object["steps"],
                            .domain_size = object["domain_size"],
                            .inputs_checked = object["inputs_checked"],
                            .exhaustive = object["exhaustive"],
                            .holds = object["holds"],
                            .seed = object["seed"],
                            .inputs_sha256 = string_or_empty("inputs_sha256"),
                            .counterexample = std::nullopt};
    if (version == 1) return certificate;
    if (string_or_empty("claim") != claim_of(certificate))
        return refuse("a claim that is not what the entries say");
    if (string_or_empty("program_sha256") != base::sha256(certificate.program))
        return refuse("another program than the one that was checked");
    return certificate;
}

} // namespace ropewalk::tuning
