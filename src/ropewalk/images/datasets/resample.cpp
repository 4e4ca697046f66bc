// Pictures of another size.
#include <algorithm>
#include <cmath>

#include "ropewalk/images/datasets/picture.hpp"

namespace ropewalk::datasets {

namespace {

/// Weights are whole numbers of this many bits, as Pillow's are: results do not depend on rounding of sums.
constexpr int weight_bits = 32 - 8 - 2;

/// What a pixel of the result is made of: so many pixels of a line, from `first` on.
struct Window {
    int first = 0;
    std::vector<int> weights;
};

/// The bilinear filter of `from` pixels for `to`; where it shrinks it is as much wider.
std::vector<Window> windows(int from, int to) {
    const double scale = static_cast<double>(from) / to, width = std::max(scale, 1.0);
    std::vector<Window> all;
    for (int i = 0; i < to; ++i) {
        const double centre = (i + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(std::floor(centre - width + 0.5)));
        const int last = std::min(from, static_cast<int>(std::floor(centre + width + 0.5)));
        std::vector<double> weights;
        double sum = 0;
        for (int x = first; x < last; ++x) {
            weights.push_back(std::max(0.0, 1 - std::abs((x - centre + 0.5) * (1.0 / width))));
            sum += weights.back();
        }
        Window window{first, {}};
        for (const double weight : weights)
            window.weights.push_back(static_cast<int>(std::floor(0.5 + weight / sum * (1 << weight_bits))));
        all.push_back(std::move(window));
    }
    return all;
}

std::uint8_t weighted(const Window& window, const std::uint8_t* pixels, std::ptrdiff_t step) {
    int sum = 1 << (weight_bits - 1);
    pixels += window.first * step;
    for (const int weight : window.weights) sum += *pixels * weight, pixels += step;
    return static_cast<std::uint8_t>(std::clamp(sum >> weight_bits, 0, 255));
}

} // namespace

Picture scaled(const Picture& picture, int height, int width) {
    if (picture.height == height && picture.width == width) return picture;
    const std::vector<Window> across = windows(picture.width, width), down = windows(picture.height, height);
    Picture result{picture.channels, height, width, {}, picture.warning};
    result.pixels.reserve(static_cast<std::size_t>(picture.channels * height) * static_cast<std::size_t>(width));
    const auto area = static_cast<std::size_t>(picture.height) * static_cast<std::size_t>(picture.width);
    std::vector<std::uint8_t> lines(static_cast<std::size_t>(picture.height) * static_cast<std::size_t>(width));
    for (int c = 0; c < picture.channels; ++c) {
        const std::uint8_t* plane = picture.pixels.data() + static_cast<std::size_t>(c) * area;
        std::uint8_t* to = lines.data();
        for (int y = 0; y < picture.height; ++y, plane += picture.width)
            for (const Window& window : across) *to++ = weighted(window, plane, 1);
        for (const Window& window : down)
            for (int x = 0; x < width; ++x) result.pixels.push_back(weighted(window, lines.data() + x, width));
    }
    return result;
}

} // namespace ropewalk::datasets
