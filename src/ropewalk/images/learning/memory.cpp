#include "ropewalk/images/learning/memory.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <optional>

#include <fmt/format.h>

#include "ropewalk/images/learning/letter_search.hpp"

namespace ropewalk::learning {

namespace {

constexpr double bytes = sizeof(float);

/// Numbers of a network, each with its gradient and two of Adam's.
double parameters(const perception::NetworkOptions& network, double pixels) {
    constexpr double resnet18 = 11.2e6, of_width = 64; // Table 1 of He et al. 2016
    if (network.kind == perception::NetworkOptions::Kind::resnet)
        return resnet18 * (network.width / of_width) * (network.width / of_width);
    const double channels = network.kind == perception::NetworkOptions::Kind::medium ? 64 : 32;
    return channels * pixels / 16 * 128; // nearly all of them stand before the first full layer
}

/// Numbers that a step keeps of an image until their gradients are known.
double kept(const perception::NetworkOptions& network, double pixels) {
    constexpr double of_each_channel = 6; // convolution, normalisation and pooling, and their gradients
    if (network.kind == perception::NetworkOptions::Kind::small)
        return of_each_channel * (16 + 32.0 / 4) * pixels;
    if (network.kind == perception::NetworkOptions::Kind::medium)
        return of_each_channel * (16 + 64.0 / 4 + 64.0 / 16) * pixels;
    constexpr double layers = 10; // of the first stage's size: later ones halve sides and double channels
    return of_each_channel * layers * network.width * pixels / (network.cifar_stem ? 1 : 16);
}

/// Images of so many rows, of the longest ones where lengths differ.
std::size_t images_of_rows(const perception::Problem& problem, std::size_t rows) {
    if (!problem.has_long_rows()) return rows * static_cast<std::size_t>(problem.pool.variables);
    const perception::GivenRows& given = problem.given()->training;
    std::size_t longest = 0;
    for (std::size_t n = 0; n < given.rows; ++n) longest = std::max(longest, given.row(n).size());
    return rows_of_batch(problem, rows) * longest;
}

/// Images of the largest step.
double images_of_a_step(const perception::Problem& problem, const LearnOptions& options) {
    std::size_t most = 0;
    for (const perception::BatchOptions* batch :
         {&options.search_batch, &options.refine_batch, &options.reading_batch})
        most = std::max(most, problem.given()
                                  ? std::min(images_of_rows(problem, batch->rows), problem.dataset.train.count())
                                  : batch->images);
    return static_cast<double>(most);
}

/// What the system says can be had.
std::optional<double> free_memory() {
    std::ifstream file("/proc/meminfo");
    std::string name, unit;
    for (double kilobytes = 0; file >> name >> kilobytes; std::getline(file, unit))
        if (name == "MemAvailable:") return 1024 * kilobytes;
    return std::nullopt;
}

} // namespace

double memory_to_learn(const perception::Problem& problem, const LearnOptions& options) {
    const datasets::Images& images = problem.dataset.train;
    const double pixels = static_cast<double>(images.height) * images.width;
    constexpr double copies = 4;
    return bytes * (copies * parameters(options.network, pixels) +
                    images_of_a_step(problem, options) * (kept(options.network, pixels) + 2 * pixels));
}

base::Status enough_memory(const perception::Problem& problem, const LearnOptions& options) {
    constexpr double gigabyte = 1e9;
    const double needed = memory_to_learn(problem, options);
    const std::optional<double> free = free_memory();
    if (options.device != "cpu" || !free || needed <= *free) return {};
    const datasets::Images& images = problem.dataset.train;
    const int longer = std::max(images.height, images.width);
    // Both the network and a step grow with the number of pixels.
    const int size = static_cast<int>(longer * std::sqrt(*free / needed) * 0.8);
    return base::failure("images",
                         fmt::format("{} x {} pixels, which take about {:.0f} GB to learn from, and {:.0f} GB are free",
                                     images.height, images.width, needed / gigabyte, *free / gigabyte),
                         fmt::format("smaller images, such as setting `size` {}", std::max(8, size)));
}

} // namespace ropewalk::learning
