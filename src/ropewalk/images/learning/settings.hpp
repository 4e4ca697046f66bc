// What a run of `perceive` is: everything that its result depends on, as one value that files can hold.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/learning/learn.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

/// What the settings that are names may be.
inline const std::vector<std::string> network_names{"small", "resnet18"}, stem_names{"standard", "cifar"},
    precision_names{"float32", "bfloat16"}, start_names{"auto", "table", "network"},
    alphabet_names{"even", "any"};

struct Settings {
    std::string images = "glyphs"; ///< glyphs, mnist, cifar10 or manifest
    std::string data;              ///< folder of the images; glyphs need none
    std::size_t tasks = 500;
    std::string network = "small";     ///< small or resnet18
    int width = 64;                    ///< see NetworkOptions
    std::string stem = "standard";     ///< of a ResNet: standard or cifar
    std::string precision = "float32"; ///< or bfloat16, see Precision
    std::string start = "auto";        ///< of learning: auto, table or network, see Start
    std::string alphabet = "even";     ///< even or any, see AlphabetPrior
    /// Categorical symbols: the values that images may stand for; empty: scalar symbols, see LearnOptions.
    std::vector<double> letters;
    std::uint64_t seed = 0;
    std::optional<std::size_t> refine_steps;
    bool consensus = true;                ///< whether a consensus may end the search, see Consensus
    bool private_images = false;          ///< every task has images of its own
    int operators = 3;                    ///< of the largest formulas of the pool
    perception::ManifestOptions manifest; ///< where `images` is "manifest", and `data` the file

    friend bool operator==(const Settings&, const Settings&) = default;
};

/// One line of JSON, and back. Fails on text that is no such line.
std::string to_json(const Settings& settings);
base::Result<Settings> settings_from_json(const std::string& text, const std::string& file);

/// Reads or draws the images, which are no manifest's. Fails when the folder is bad.
base::Result<datasets::Dataset> dataset_of(const Settings& settings, int threads);

/// Reads or draws the images and draws the tasks. Fails when the folder or a number is bad.
base::Result<perception::Problem> problem_of(const Settings& settings, int threads);

/// Options of learning that suit the images and the network.
LearnOptions learn_options_of(const Settings& settings);

} // namespace ropewalk::learning
