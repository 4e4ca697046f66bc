#include "ropewalk/programs/tuning/certificate.hpp"

#include <fmt/format.h>

#include "ropewalk/base/json.hpp"
#include "ropewalk/base/sha256.hpp"

namespace ropewalk::tuning {

/// Objects keep the order they are written in.
using json = nlohmann::ordered_json;

namespace {

constexpr const char* format_name = "ropewalk-certificate";

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
    return base::json_file_text(object);
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
