#include "ropewalk/images/datasets/pixels.hpp"

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

} // namespace

std::vector<float> augmented_pixels(const Images& images, std::span<const std::uint32_t> indices,
                                    const Augmentation& augmentation, std::uint64_t seed,
                                    std::uint64_t step) {
    base::RandomStream random(seed, base::Purpose::augmentation, step);
    std::vector<float> pixels(indices.size() * images.image_size());
    const auto span = static_cast<std::uint32_t>(2 * augmentation.shift + 1);
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const int down = static_cast<int>(random.below(span)) - augmentation.shift;
        const int right = static_cast<int>(random.below(span)) - augmentation.shift;
        const bool mirrored = random.below(2) == 1 && augmentation.mirror;
        place_image(images, indices[i], down, right, mirrored, pixels.data() + i * images.image_size());
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
