// What `perceive --amortise` and `evaluate` do about the synthesizer of a run.
#pragma once

#include "app/shared/shared.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "ropewalk/images/proposing/proposing.hpp"

namespace ropewalk::cli {

/// Options of perceive that are about the synthesizer.
struct AmortiseChoice {
    bool asked = false;
    std::size_t steps = proposing::AmortiseOptions().steps;
    int operators = proposing::AmortiseOptions().operators;
    std::shared_ptr<perception::ProcessGroup> group = perception::no_others();
};

void add_amortise_options(CLI::App& command, AmortiseChoice& choice);

/// The synthesizer's own programs, for `run.json` and for people.
struct SynthesizerReport {
    Json json;
    std::string text;
};

/// Teaches a synthesizer what was learned, keeps it in the folder (none: nowhere), and judges it; nothing where another
/// process leads.
base::Result<SynthesizerReport> amortised_report(const AmortiseChoice& choice, const CommonOptions& common,
                                                 const std::string& folder, const std::string& device,
                                                 bool resume, const learning::Settings& settings,
                                                 const perception::Problem& problem,
                                                 const learning::Learned& learned);

/// Judges the synthesizer of a folder again; the folder must have one.
base::Result<SynthesizerReport> stored_report(const std::string& folder, const CommonOptions& common,
                                              const std::string& device, std::size_t rows,
                                              const perception::Problem& problem, perception::Engine& engine);

} // namespace ropewalk::cli
