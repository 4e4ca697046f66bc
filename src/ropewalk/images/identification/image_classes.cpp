#include "ropewalk/images/identification/image_classes.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ropewalk/base/random.hpp"

namespace ropewalk::identification {

namespace {

/// Different images, in the order of the draw.
std::vector<std::uint32_t> draw_different(std::size_t count, std::size_t wanted, std::uint64_t seed) {
    base::RandomStream random(seed, base::Purpose::batch_images, class_batch_number);
    std::vector<std::uint32_t> drawn;
    while (drawn.size() < wanted) {
        const std::uint32_t index = random.below(static_cast<std::uint32_t>(count));
        if (std::find(drawn.begin(), drawn.end(), index) == drawn.end()) drawn.push_back(index);
    }
    return drawn;
}

base::Status checked_classes(const ImageClasses& classes) {
    if (classes.count() < 2)
        return base::failure("outputs", "the same for all images", "outputs that tell images apart");
    for (const auto& members : classes.members)
        if (members.size() < classes.variables)
            return base::failure("outputs", fmt::format("{} images that show the same", members.size()),
                                 fmt::format("at least {}, as many as a row has", classes.variables));
    return {};
}

} // namespace

std::vector<double> signatures_of(const AskOutputs& ask, std::span<const std::uint32_t> images,
                                  std::span<const std::uint32_t> contexts, std::size_t variables,
                                  std::span<const double> sigma) {
    const std::size_t others = variables - 1, count = others ? contexts.size() / others : 1;
    std::vector<std::uint32_t> rows;
    for (const std::uint32_t image : images)
        for (std::size_t place = 0; place < variables; ++place)
            for (std::size_t c = 0; c < count; ++c)
                for (std::size_t v = 0, other = c * others; v < variables; ++v)
                    rows.push_back(v == place ? image : contexts[other++]);
    const std::vector<double> y = ask(rows);
    const std::size_t width = variables * count;
    std::vector<double> signatures;
    signatures.reserve(y.size());
    for (std::size_t i = 0; i < images.size(); ++i)
        for (std::size_t t = 0; t < sigma.size(); ++t)
            for (std::size_t n = 0; n < width; ++n)
                signatures.push_back(y[(t * images.size() + i) * width + n] / sigma[t]);
    return signatures;
}

std::int64_t class_of(std::span<const double> signature, std::span<const double> signatures,
                      double tolerance) {
    const auto equal = [&](double a, double b) { return std::abs(a - b) <= tolerance; };
    for (std::size_t begin = 0; begin < signatures.size(); begin += signature.size())
        if (std::equal(signature.begin(), signature.end(),
                       signatures.begin() + static_cast<std::ptrdiff_t>(begin), equal))
            return static_cast<std::int64_t>(begin / signature.size());
    return -1;
}

base::Result<ImageClasses> tell_images_apart(const AskOutputs& ask, std::size_t count, std::size_t variables,
                                             std::span<const double> sigma, std::uint64_t seed,
                                             const ImageClassOptions& options) {
    const std::size_t beside = options.contexts * (variables - 1);
    if (count < beside + options.images)
        return base::failure("images", fmt::format("{} images to learn from", count),
                             fmt::format("at least {}", beside + options.images));
    const auto drawn = draw_different(count, beside + options.images, seed);
    const std::span<const std::uint32_t> all = drawn, images = all.subspan(beside);
    ImageClasses classes{.variables = variables, .tasks = sigma.size(), .members = {}};
    classes.contexts.assign(drawn.begin(), drawn.begin() + static_cast<std::ptrdiff_t>(beside));
    classes.tolerance = options.tolerance;
    const auto signatures = signatures_of(ask, images, classes.contexts, variables, sigma);
    const std::size_t size = signatures.size() / images.size();
    for (std::size_t i = 0; i < images.size(); ++i) {
        const auto signature = std::span(signatures).subspan(i * size, size);
        std::int64_t found = class_of(signature, classes.signatures, options.tolerance);
        if (found < 0) {
            if (classes.count() == options.most)
                return base::failure("outputs", fmt::format("more than {} kinds of images", options.most),
                                     "exact outputs of a few symbols");
            found = static_cast<std::int64_t>(classes.count());
            classes.members.emplace_back();
            classes.signatures.insert(classes.signatures.end(), signature.begin(), signature.end());
        }
        classes.members[static_cast<std::size_t>(found)].push_back(images[i]);
    }
    if (const auto fine = checked_classes(classes); !fine) return base::failure(fine.error());
    return classes;
}

} // namespace ropewalk::identification
