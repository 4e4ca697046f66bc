#include "ropewalk/formulas/search/scan_units.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/base/json.hpp"

namespace ropewalk::formula {

using Json = nlohmann::ordered_json;

ScanGround::ScanGround(ScanProblem given)
    : problem(std::move(given)), bank(problem.alphabet), store(problem.target.size()) {
    direct.y = affine.y = problem.target;
    affine.affine = true;
    evaluate_last_level(bank, store, problem.leaves, 1);
}

bool ScanGround::add_level(const LevelLimits& limits, int threads) {
    return bank.add_level(limits) && evaluate_last_level(bank, store, problem.leaves, threads, limits.stop);
}

void add_slices(const ScanGround& ground, int smaller, int larger, bool affine, double bound, std::uint64_t size,
                std::vector<ScanSlice>& slices) {
    const std::uint64_t blocks = pair_blocks(ground.bank, larger), scores = pair_scores(ground.bank, smaller, larger);
    if (scores == 0) return;
    const std::uint64_t count = std::clamp<std::uint64_t>(scores / std::max<std::uint64_t>(size, 1), 1, blocks);
    for (std::uint64_t number = 1; number <= count; ++number)
        slices.push_back({.levels = ground.bank.levels(),
                          .smaller = smaller,
                          .larger = larger,
                          .affine = affine,
                          .blocks = range_of(base::Part{number, count}, blocks),
                          .bound = bound});
}

ScanFound scan_slice(const ScanGround& ground, const ScanSlice& slice, int threads, const base::Stop& stop) {
    const Scan scan{ground.bank, ground.store, slice.affine ? ground.affine : ground.direct, ground.problem.target_unit,
                    threads,     stop};
    BestCandidates best(few_candidates, slice.bound);
    const std::uint64_t scored = scan_pairs(scan, slice.smaller, slice.larger, best, slice.blocks);
    return {best.candidates(), scored};
}

namespace {

Json unit_json(const Unit& unit) { return unit.sixtieths; }

Unit unit_in(const Json& stored) {
    Unit unit;
    for (const auto& [symbol, power] : stored.items()) unit.sixtieths[symbol] = power;
    return unit;
}

tl::unexpected<base::Diagnostics> no_text_of(const char* what) {
    return base::failure(what, "text that is none", "what a search sends");
}

base::Result<ScanProblem> problem_in(const std::string& text) {
    const auto object = base::parse_json<Json>(text);
    try {
        const Json& units = object.at("units");
        ScanProblem problem;
        object.at("variables").get_to(problem.alphabet.variables);
        object.at("constants").get_to(problem.alphabet.constants);
        object.at("leaves").get_to(problem.leaves);
        object.at("target").get_to(problem.target);
        for (const Json& name : object.at("operators")) {
            const auto operation = operator_named(name.get<std::string>());
            if (!operation) return no_text_of("problem of a search");
            problem.alphabet.operators.push_back(*operation);
        }
        for (const Json& unit : units) problem.alphabet.units.push_back(unit_in(unit));
        if (!object.at("target_unit").is_null()) problem.target_unit = unit_in(object.at("target_unit"));
        const std::size_t variables = problem.leaves.size(), rows = problem.target.size();
        if (rows == 0 || variables == 0 || static_cast<std::size_t>(problem.alphabet.variables) != variables ||
            (!problem.alphabet.units.empty() && problem.alphabet.units.size() != variables) ||
            std::any_of(problem.leaves.begin(), problem.leaves.end(), [&](const auto& leaf) { return leaf.size() != rows; }))
            return no_text_of("problem of a search");
        return problem;
    } catch (const Json::exception&) {
        return no_text_of("problem of a search");
    }
}

base::Result<ScanSlice> slice_in(const std::string& text) {
    const auto object = base::parse_json<Json>(text);
    try {
        ScanSlice slice;
        object.at("levels").get_to(slice.levels);
        object.at("smaller").get_to(slice.smaller);
        object.at("larger").get_to(slice.larger);
        object.at("affine").get_to(slice.affine);
        object.at("begin").get_to(slice.blocks.begin);
        object.at("end").get_to(slice.blocks.end);
        object.at("bound").get_to(slice.bound);
        return slice;
    } catch (const Json::exception&) {
        return no_text_of("slice of a search");
    }
}

} // namespace

base::Result<ScanWorker> ScanWorker::make(const std::string& text) {
    return problem_in(text).map([](ScanProblem problem) { return ScanWorker(std::move(problem)); });
}

base::Result<std::string> ScanWorker::scan(const std::string& text, int threads, const base::Stop& stop) {
    const auto slice = slice_in(text);
    if (!slice) return base::failure(slice.error());
    while (ground_->bank.levels() < slice->levels)
        if (!ground_->add_level({.stop = stop}, threads))
            return base::failure("slice of a search", "a level that cannot be stored", "more memory");
    // Levels beyond those of the search take no part in its pairs.
    if (slice->smaller < 0 || slice->smaller > slice->larger || slice->larger >= slice->levels ||
        slice->blocks.begin > slice->blocks.end || slice->blocks.end > pair_blocks(ground_->bank, slice->larger))
        return no_text_of("slice of a search");
    const ScanFound found = scan_slice(*ground_, *slice, threads, stop);
    Json best = Json::array();
    for (const Candidate& each : found.best)
        best.push_back({each.error, info(each.operation).name, each.left, each.right});
    return base::json_text(Json{{"scored", found.scored}, {"best", best}});
}

std::string to_json(const ScanProblem& problem) {
    Json operators = Json::array(), units = Json::array();
    for (const Operator operation : problem.alphabet.operators) operators.push_back(info(operation).name);
    for (const Unit& unit : problem.alphabet.units) units.push_back(unit_json(unit));
    return base::json_text(
        Json{{"variables", problem.alphabet.variables},
             {"constants", problem.alphabet.constants},
             {"operators", operators},
             {"units", units},
             {"target_unit", problem.target_unit ? unit_json(*problem.target_unit) : Json()},
             {"leaves", problem.leaves},
             {"target", problem.target}});
}

std::string to_json(const ScanSlice& slice) {
    return base::json_text(Json{{"levels", slice.levels},
                                {"smaller", slice.smaller},
                                {"larger", slice.larger},
                                {"affine", slice.affine},
                                {"begin", slice.blocks.begin},
                                {"end", slice.blocks.end},
                                {"bound", slice.bound}});
}

base::Result<ScanFound> parse_scan_found(const std::string& text) {
    const auto object = base::parse_json<Json>(text);
    try {
        ScanFound found;
        object.at("scored").get_to(found.scored);
        for (const Json& each : object.at("best")) {
            const auto operation = operator_named(each.at(1).get<std::string>());
            if (!operation) return no_text_of("answer to a slice");
            found.best.push_back({each.at(0), *operation, each.at(2), each.at(3)});
        }
        return found;
    } catch (const Json::exception&) {
        return no_text_of("answer to a slice");
    }
}

} // namespace ropewalk::formula
