// Images that the outputs tell apart, found without knowing any formula.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ropewalk/base/base.hpp"

namespace ropewalk::identification {

/// What keys the images and rows that classes are told apart by; no batch of learning has this number.
inline constexpr std::uint64_t class_batch_number = std::uint64_t{1} << 46;

/// Outputs of all tasks, [tasks, rows], for rows of training images, [rows, variables].
using AskOutputs = std::function<std::vector<double>(std::span<const std::uint32_t> rows)>;

struct ImageClassOptions {
    std::size_t images = 160;  ///< that are compared, drawn from all
    std::size_t contexts = 24; ///< of an image: other images that stand beside it
    std::size_t most = 32;     ///< classes; more are taken for noise in the outputs
    double tolerance = 1e-9;   ///< outputs no further apart, in units of sigma, are equal
};

/// Images of one class give the same outputs beside every context, at every place of a row and for every
/// task. Where outputs are exact functions of what images show, a class is what they can tell apart: one
/// symbol or several.
struct ImageClasses {
    std::size_t variables = 0;
    std::size_t tasks = 0;
    std::vector<std::vector<std::uint32_t>> members; ///< [classes], indices of training images
    std::vector<std::uint32_t> contexts;             ///< [contexts, variables - 1]
    std::vector<double> signatures;                  ///< [classes, see signatures_of]
    double tolerance = 0;

    std::size_t count() const { return members.size(); }
};

/// Outputs of images beside the contexts, divided by sigma: [images, tasks, places, contexts].
std::vector<double> signatures_of(const AskOutputs& ask, std::span<const std::uint32_t> images,
                                  std::span<const std::uint32_t> contexts, std::size_t variables,
                                  std::span<const double> sigma);

/// Draws images from `count` training images and sorts them into classes. The same for the same seed. Fails
/// when there are too few images, when all are alike, when there are too many classes or a class has fewer
/// images than a row.
base::Result<ImageClasses> tell_images_apart(const AskOutputs& ask, std::size_t count, std::size_t variables,
                                             std::span<const double> sigma, std::uint64_t seed,
                                             const ImageClassOptions& options = {});

/// Index of the first of several signatures, one after the other in `signatures`, that `signature` agrees
/// with; none: -1.
std::int64_t class_of(std::span<const double> signature, std::span<const double> signatures,
                      double tolerance);

} // namespace ropewalk::identification
