#include "app/manual/groups.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "app/manual/manual.hpp"

namespace ropewalk::cli {

namespace {

constexpr const char *first = "What matters first", *input = "Input", *search = "Search", *limits = "Limits",
                     *output = "Output";

/// Where options stand that are not about the search, by name: one name means one thing in all commands.
const std::map<std::string, const char*>& places() {
    static const std::map<std::string, const char*> table = [] {
        std::map<std::string, const char*> all;
        const auto put = [&](const char* group, std::initializer_list<const char*> names) {
            for (const char* name : names) all[name] = group;
        };
        put(input, {"task", "tasks", "examples", "base", "cells", "registers", "init", "data", "lists", "images", "manifest",
                    "image-columns", "output-columns", "letter-columns", "holdout", "scale", "size", "background",
                    "skip-damaged", "skip-missing", "missing", "target", "inputs", "units", "weights", "lags", "separator",
                    "private-images", "in", "sets", "laws", "noise", "tables", "rows", "kinds", "learn",
                    "symbols", "parts", "library", "sketch", "profile", "switches", "instructions", "machine"});
        put(limits, {"seconds", "law-seconds", "programs", "threads", "memory", "max-operators",
                     "steps", "restarts", "iterations", "runs", "checkpoint-seconds", "refine-steps", "amortise-steps",
                     "repair-candidates", "near-misses", "seeds", "seed", "device", "beams", "count"});
        put(output, {"output", "force", "json", "quiet", "report", "export", "plot", "resume", "trace", "all-lines",
                     "distributed-below", "alternatives", "no-generalisation", "part", "details", "help", "version"});
        return all;
    }();
    return table;
}

/// The three options of a command that are asked for most.
const std::map<std::string, std::set<std::string>>& most_used() {
    static const std::map<std::string, std::set<std::string>> table{
        {"run", {"memory", "in", "trace"}},        {"tune", {"task", "examples", "init"}},
        {"induce", {"task", "seconds", "export"}}, {"formula", {"target", "units", "seconds"}},
        {"perceive", {"manifest", "seconds", "output"}}, {"synthesize", {"task", "examples", "seconds"}},
        {"compile", {"output", "gamma", "instructions"}}, {"export", {"output"}}, {"doctor", {"benchmark"}}};
    return table;
}

/// Commands that look for nothing: what is not about limits or output says what they work on.
const std::set<std::string> without_search{"run",      "compile", "decompile", "export",  "verify",     "tasks",
                                           "doctor",   "evaluate", "read",     "predict", "report",     "completion",
                                           "merge"};

/// In `run` and `decompile` memory is what the program starts from, and in `run` and `export` steps are the machine's;
/// elsewhere they are limits.
std::string place_of(const std::string& command, const std::string& name) {
    const auto favourites = most_used().find(command);
    if (favourites != most_used().end() && favourites->second.contains(name)) return first;
    if ((command == "run" || command == "decompile" || command == "export") && (name == "memory" || name == "steps")) return input;
    const auto found = places().find(name);
    if (found != places().end()) return found->second;
    return without_search.contains(command) ? input : search;
}

} // namespace

const std::vector<std::string>& group_titles() {
    static const std::vector<std::string> titles{first, input, search, limits, output};
    return titles;
}

void group_options(CLI::App& app) {
    for (CLI::Option* option : app.get_options())
        if (!option->get_group().empty() && !option->get_lnames().empty())
            option->group(place_of(app.get_name(), option->get_lnames().front()));
    for (CLI::App* command : app.get_subcommands({})) group_options(*command);
}

} // namespace ropewalk::cli
