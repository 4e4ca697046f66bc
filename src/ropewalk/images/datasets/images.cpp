#include "ropewalk/images/datasets/images.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

namespace ropewalk::datasets {

PixelStatistics pixel_statistics(const Images& images) {
    PixelStatistics statistics;
    const std::size_t area = images.image_size() / static_cast<std::size_t>(images.channels);
    for (int channel = 0; channel < images.channels; ++channel) {
        std::array<std::size_t, 256> histogram{};
        for (std::size_t i = 0; i < images.count(); ++i)
            for (const std::uint8_t pixel :
                 images.image(i).subspan(static_cast<std::size_t>(channel) * area, area))
                ++histogram[pixel];
        double sum = 0, squares = 0;
        for (std::size_t value = 0; value < histogram.size(); ++value) {
            const double share = static_cast<double>(value) / 255,
                         times = static_cast<double>(histogram[value]);
            sum += times * share;
            squares += times * share * share;
        }
        const double pixels = static_cast<double>(images.count() * area);
        const double mean = sum / pixels, variance = squares / pixels - mean * mean;
        statistics.mean.push_back(mean);
        statistics.deviation.push_back(variance > 1e-12 ? std::sqrt(variance) : 1.0);
    }
    return statistics;
}

std::vector<std::vector<std::uint32_t>> images_by_label(const Images& images) {
    std::vector<std::vector<std::uint32_t>> lists(10);
    for (std::size_t i = 0; i < images.count(); ++i)
        lists[images.labels[i] - 1u].push_back(static_cast<std::uint32_t>(i));
    return lists;
}

namespace {

std::string size_text(const Images& images) {
    return fmt::format("{} x {} x {}", images.channels, images.height, images.width);
}

} // namespace

base::Result<Dataset> checked(Dataset dataset, const std::string& place) {
    const Images &train = dataset.train, &test = dataset.test;
    base::Diagnostics errors;
    const auto complain = [&](std::string found, std::string expected) {
        errors.push_back({.file = place, .found = std::move(found), .expected = std::move(expected)});
    };
    if (train.channels != test.channels || train.height != test.height || train.width != test.width)
        complain("test images of " + size_text(test), size_text(train) + " as the training images");
    if (train.height < least_image_side || train.width < least_image_side)
        complain("images of " + size_text(train), fmt::format("at least {0} x {0} pixels", least_image_side));
    for (const auto& [part, images] : {std::pair{"training", &train}, std::pair{"test", &test}}) {
        const auto lists = images_by_label(*images);
        for (std::size_t label = 1; label <= lists.size(); ++label)
            if (lists[label - 1].empty())
                complain(fmt::format("no {} image with label {}", part, label), "images of all ten labels");
    }
    if (!errors.empty()) return base::failure(std::move(errors));
    return dataset;
}

} // namespace ropewalk::datasets
