// What a run of `perceive` is: everything that its result depends on, as one value that files can hold.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ropewalk/base/settings.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/learning/learn.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

struct Settings {
    std::string images = "glyphs"; ///< glyphs, mnist, cifar10 or manifest
    std::string data;              ///< folder of the images; glyphs need none
    std::size_t tasks = 500;
    std::string network = "auto";      ///< small, medium or resnet18; auto: medium for a manifest, else small
    std::string augmentation = "auto"; ///< none, shift or affine; auto: affine for a manifest, else shift
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
    std::size_t ranks = 0;                ///< see LearnOptions
    perception::ManifestOptions manifest; ///< where `images` is "manifest", and `data` the file

    friend bool operator==(const Settings&, const Settings&) = default;

    static constexpr auto fields = base::fields(
        base::field<&Settings::images>("images", "Images to learn from",
                                       base::one_of("glyphs", "mnist", "cifar10", "manifest")),
        base::field<&Settings::data>("data", "Folder with the files of MNIST (IDX) or CIFAR-10 (binary)"),
        base::field<&Settings::tasks>("tasks", "Formulas to find", base::at_least(std::size_t{1})),
        base::field<&Settings::network>(
            "network", "Reader of the images; auto: medium for a manifest, else small",
            base::one_of("auto", "small", "medium", "resnet18")),
        base::field<&Settings::augmentation>(
            "augmentation", "How images are changed while they are learned: not, moved (shift), or turned, stretched and "
                            "slanted as well (affine); auto: affine for a manifest, else shift",
            base::one_of("auto", "none", "shift", "affine")),
        base::field<&Settings::width>("width", "Channels of a ResNet's first stage", base::within(1, 512)),
        base::field<&Settings::stem>("stem", "First layers of a ResNet", base::one_of("standard", "cifar")),
        base::field<&Settings::precision>("precision", "What the network computes in; bfloat16 is faster",
                                          base::one_of("float32", "bfloat16")),
        base::field<&Settings::start>("start",
                                      "Formulas from a table of symbols, exact, or from the network's "
                                      "search; auto: the table first where there "
                                      "are at most 20 tasks",
                                      base::one_of("auto", "table", "network")),
        base::field<&Settings::alphabet>(
            "alphabet", "Which symbols a table takes for likelier: even ones within (0, 1], or any",
            base::one_of("even", "any")),
        base::field<&Settings::seed>("seed", "Seed of everything random"),
        base::field<&Settings::refine_steps>(
            "refine_steps", "Gradient steps under the formulas found; none: as many as fit into the time"),
        base::field<&Settings::consensus>("consensus",
                                          "End the search by formulas that agree exactly on a row"),
        base::field<&Settings::private_images>("private_images",
                                               "Every task has images of its own: none serves two tasks"),
        base::field<&Settings::operators>("operators", "Operators of the largest formulas",
                                          base::within(1, 5)),
        base::field<&Settings::ranks>(
            "ranks", "Parts of a step's batch, a power of two, that processes of `torchrun` share out: results do "
                     "not depend on how many these are; 0: the whole batch by one process"),
        base::group<&Settings::manifest>(),
        base::field<&Settings::letters>("letters", "Categorical symbols: the numbers that images may stand "
                                                   "for, separated by commas; none: any numbers"));
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
