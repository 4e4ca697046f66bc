#include "ropewalk/images/datasets/picture.hpp"

namespace ropewalk::datasets {

namespace {

/// x / 255, rounded, for x up to 255 * 255.
std::uint8_t by_255(unsigned x) {
    x += 128;
    return static_cast<std::uint8_t>((x + (x >> 8)) >> 8);
}

/// TIFF's numbers, in the order of bytes that its header names.
class TiffBytes {
public:
    explicit TiffBytes(std::span<const std::uint8_t> bytes)
        : bytes_(bytes), little_(!bytes.empty() && bytes[0] == 'I') {}

    bool has(std::size_t at, std::size_t count) const {
        return count <= bytes_.size() && at <= bytes_.size() - count;
    }
    std::uint32_t number(std::size_t at, std::size_t count) const {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < count; ++i)
            value = value << 8 | bytes_[at + (little_ ? count - 1 - i : i)];
        return value;
    }

private:
    std::span<const std::uint8_t> bytes_;
    bool little_;
};

} // namespace

Picture picture_of(std::span<const std::uint8_t> interleaved, int channels, int height, int width,
                   Background background) {
    const auto from = static_cast<std::size_t>(channels);
    const bool has_alpha = channels == 2 || channels == 4;
    const std::size_t to = from - (has_alpha ? 1 : 0);
    const std::size_t area = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    const unsigned behind = background == Background::white ? 255 : 0;
    Picture picture{static_cast<int>(to), height, width, std::vector<std::uint8_t>(to * area), {}};
    for (std::size_t i = 0; i < area; ++i) {
        const std::uint8_t* pixel = interleaved.data() + i * from;
        const unsigned alpha = has_alpha ? pixel[to] : 255;
        for (std::size_t c = 0; c < to; ++c)
            picture.pixels[c * area + i] = by_255(pixel[c] * alpha + behind * (255 - alpha));
    }
    return picture;
}

Picture oriented(Picture picture, int orientation) {
    if (orientation < 2 || orientation > 8) return picture;
    const bool turned = orientation >= 5; // lines become columns
    const bool down = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
    const bool left = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
    Picture result = picture;
    if (turned) std::swap(result.height, result.width);
    std::uint8_t* to = result.pixels.data();
    for (int c = 0; c < picture.channels; ++c)
        for (int y = 0; y < result.height; ++y)
            for (int x = 0; x < result.width; ++x) {
                int row = down ? result.height - 1 - y : y, column = left ? result.width - 1 - x : x;
                if (turned) std::swap(row, column);
                *to++ = picture.pixels[static_cast<std::size_t>((c * picture.height + row) * picture.width +
                                                                column)];
            }
    return result;
}

int exif_orientation(std::span<const std::uint8_t> tiff) {
    constexpr std::uint32_t orientation_tag = 0x0112;
    constexpr std::size_t entry_size = 12;
    const TiffBytes bytes(tiff);
    if (!bytes.has(0, 8)) return 1;
    const std::size_t directory = bytes.number(4, 4);
    if (!bytes.has(directory, 2)) return 1;
    const std::size_t entries = bytes.number(directory, 2);
    for (std::size_t e = 0; e < entries; ++e) {
        const std::size_t entry = directory + 2 + e * entry_size;
        if (!bytes.has(entry, entry_size)) return 1;
        if (bytes.number(entry, 2) == orientation_tag) return static_cast<int>(bytes.number(entry + 8, 2));
    }
    return 1;
}

Picture with_channels(Picture picture, int channels) {
    if (picture.channels == channels) return picture;
    const std::size_t area = picture.pixels.size() / static_cast<std::size_t>(picture.channels);
    if (channels == 3) {
        picture.pixels.resize(3 * area);
        for (std::size_t c = 1; c < 3; ++c)
            std::copy_n(picture.pixels.begin(), area,
                        picture.pixels.begin() + static_cast<std::ptrdiff_t>(c * area));
    } else {
        // ITU-R 601-2 in sixteen bits, as Pillow has it.
        constexpr unsigned red = 19595, green = 38470, blue = 7471, half = 0x8000;
        for (std::size_t i = 0; i < area; ++i)
            picture.pixels[i] = static_cast<std::uint8_t>(
                (red * picture.pixels[i] + green * picture.pixels[area + i] +
                 blue * picture.pixels[2 * area + i] + half) >>
                16);
        picture.pixels.resize(area);
    }
    picture.channels = channels;
    return picture;
}

} // namespace ropewalk::datasets
