// Labelled images as bytes, the form every source of images is read into.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/images/datasets/picture.hpp"

namespace ropewalk::datasets {

/// Smallest height and width that networks take.
constexpr int least_image_side = 8;

/// How the files of a run's images become bytes of one form.
struct ImageForm {
    int channels = 1; ///< 1 for grey, 3 for colour
    int height = 0;
    int width = 0;
    Background background = Background::black; ///< of transparent pixels
    bool scales = false;                       ///< whether pictures of other sizes are scaled to this one

    friend bool operator==(const ImageForm&, const ImageForm&) = default;
};

/// Images of one size with their labels. Pixel (c, y, x) of image i is
/// pixels[((i * channels + c) * height + y) * width + x], 0..255.
struct Images {
    int channels = 1;
    int height = 0;
    int width = 0;
    std::vector<std::uint8_t> pixels;
    std::vector<std::uint8_t> labels; ///< 1..10, one per image; 0 where it is not known

    std::size_t count() const { return labels.size(); }
    std::size_t image_size() const {
        return static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) *
               static_cast<std::size_t>(width);
    }
    std::span<const std::uint8_t> image(std::size_t index) const {
        return {pixels.data() + index * image_size(), image_size()};
    }
    /// The symbol an image stands for: its label divided by ten, 0.1..1.0.
    double symbol(std::size_t index) const { return labels[index] / 10.0; }
};

/// Images to learn from and images to judge by, of one size.
struct Dataset {
    std::string name;
    Images train;
    Images test;
};

/// Mean and standard deviation of each channel, on the scale 0..1; a channel without variation gets 1.
struct PixelStatistics {
    std::vector<double> mean;
    std::vector<double> deviation;
};
PixelStatistics pixel_statistics(const Images& images);

/// The images of each label: entry l - 1 lists those with label l.
std::vector<std::vector<std::uint32_t>> images_by_label(const Images& images);

/// Fails unless both parts have images of one size, at least 8 x 8, and every label from 1 to 10 has one in
/// each part. `place` names the source in the diagnostics.
base::Result<Dataset> checked(Dataset dataset, const std::string& place);

} // namespace ropewalk::datasets
