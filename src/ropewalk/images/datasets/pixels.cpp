#include "ropewalk/images/datasets/pixels.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "ropewalk/base/random.hpp"

namespace ropewalk::datasets {

namespace {

/// Copies an image, shifted by (down, right) and mirrored, onto black.
void place_image(const Images& images, std::uint32_t index, int down, int right, bool mirrored,
                 float* pixels) {
    const std::uint8_t* source = images.image(index).data();
    for (int c = 0; c < images.channels; ++c)
        for (int y = 0; y < images.height; ++y) {
            const int from_y = y - down;
            const std::uint8_t* line = source + (c * images.height + from_y) * images.width;
            for (int x = 0; x < images.width; ++x, ++pixels) {
                const int from_x = (mirrored ? images.width - 1 - x : x) - right;
                const bool inside =
                    from_y >= 0 && from_y < images.height && from_x >= 0 && from_x < images.width;
                *pixels = inside ? static_cast<float>(line[from_x]) / 255.0f : 0.0f;
            }
        }
}

/// Where pixels of a changed image come from: (down, right) from the middle of the given one is this matrix times that
/// from the middle of the changed one.
using Change = std::array<double, 4>;

Change change_of(const Augmentation& augmentation, base::RandomStream& random) {
    const auto within = [&](double most) { return most * (2 * random.uniform() - 1); };
    const double turn = within(augmentation.turn), slant = within(augmentation.slant);
    const double down = 1 + within(augmentation.stretch), right = 1 + within(augmentation.stretch);
    return {down * std::cos(turn), down * std::sin(turn), right * (slant - std::sin(turn)), right * std::cos(turn)};
}

/// A plane of `height` x `width` pixels changed, each from the four around its place in the given one.
void change_plane(const float* plane, int height, int width, const Change& change, float* pixels) {
    const double middle_y = (height - 1) / 2.0, middle_x = (width - 1) / 2.0;
    const auto at = [&](int y, int x) {
        return y >= 0 && y < height && x >= 0 && x < width ? plane[y * width + x] : 0.0f;
    };
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x, ++pixels) {
            const double from_y = change[0] * (y - middle_y) + change[1] * (x - middle_x) + middle_y;
            const double from_x = change[2] * (y - middle_y) + change[3] * (x - middle_x) + middle_x;
            const double top = std::floor(from_y), left = std::floor(from_x);
            const int y0 = static_cast<int>(top), x0 = static_cast<int>(left);
            const auto down = static_cast<float>(from_y - top), right = static_cast<float>(from_x - left);
            *pixels = (1 - down) * ((1 - right) * at(y0, x0) + right * at(y0, x0 + 1)) +
                      down * ((1 - right) * at(y0 + 1, x0) + right * at(y0 + 1, x0 + 1));
        }
}

} // namespace

std::vector<float> augmented_pixels(const Images& images, std::span<const std::uint32_t> indices,
                                    const Augmentation& augmentation, std::uint64_t seed,
                                    std::uint64_t step) {
    base::RandomStream random(seed, base::Purpose::augmentation, step);
    std::vector<float> pixels(indices.size() * images.image_size());
    constexpr int whole_side = 28;
    const int shift = augmentation.shift * std::min({images.height, images.width, whole_side}) / whole_side;
    const auto span = static_cast<std::uint32_t>(2 * shift + 1);
    const bool changes = augmentation.turn != 0 || augmentation.stretch != 0 || augmentation.slant != 0;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const int down = static_cast<int>(random.below(span)) - shift;
        const int right = static_cast<int>(random.below(span)) - shift;
        const bool mirrored = random.below(2) == 1 && augmentation.mirror;
        float* const image = pixels.data() + i * images.image_size();
        place_image(images, indices[i], down, right, mirrored, image);
        if (!changes) continue;
        const Change change = change_of(augmentation, random);
        const std::vector<float> placed(image, image + images.image_size());
        for (std::size_t c = 0, plane = images.image_size() / static_cast<std::size_t>(images.channels);
             c < static_cast<std::size_t>(images.channels); ++c)
            change_plane(placed.data() + c * plane, images.height, images.width, change, image + c * plane);
    }
    return pixels;
}

std::vector<float> pixels_of(const Images& images, std::span<const std::uint32_t> indices) {
    std::vector<float> pixels(indices.size() * images.image_size());
    for (std::size_t i = 0; i < indices.size(); ++i)
        place_image(images, indices[i], 0, 0, false, pixels.data() + i * images.image_size());
    return pixels;
}

} // namespace ropewalk::datasets
