#pragma once

#include <optional>
#include <string>
#include <vector>

#include "papers/shared/shared.hpp"
#include "ropewalk/programs/induction/induction.hpp"

namespace ropewalk::papers {

struct CurveOptions {
    /// Runs of each method on each task.
    int runs = 10;
    /// Seconds a run may take, on one thread.
    double seconds = 30;
    std::uint64_t seed = 0;
    ExperimentRun run;
};

/// Seconds until a run had a certified program; empty where it had none in time.
struct CurveRun {
    std::string task;
    std::string method; ///< `random restarts`, `search` or `both`
    int run = 0;
    std::optional<double> seconds;
};

struct Curve {
    std::vector<CurveRun> runs;
    double seconds = 0; ///< the limit
    bool complete = false;
};

/// Success against time on the six tasks of Table 1 (Saldyt): plain random restarts of gradient descent,
/// sixteen at a time until one is certified, beside search alone and the combined algorithm, each run on one
/// thread of its own.
base::Result<Curve> sdp_curve(const CurveOptions& options);

/// JSON and CSV list every run; Markdown the share of runs that have a program after 0.1, 0.3, 1, 3, 10, ...
/// seconds.
std::string to_json(const Curve& curve);
std::string to_csv(const Curve& curve);
std::string to_markdown(const Curve& curve);

} // namespace ropewalk::papers
