// One picture as bytes, and what is done to it before it becomes one of many of the same form.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"

namespace ropewalk::datasets {

/// What lies behind pixels that are transparent.
enum class Background { black, white };

/// Pixel (c, y, x) is pixels[(c * height + y) * width + x], as in Images.
struct Picture {
    int channels = 1; ///< 1 for grey, 3 for colour
    int height = 0;
    int width = 0;
    std::vector<std::uint8_t> pixels;
    std::string warning; ///< a flaw of the file that leaves it whole; mostly empty
};

/// A picture from bytes as decoders give them, the channels of a pixel one after the other: grey, grey and
/// alpha, RGB, or RGB and alpha. `interleaved` holds height * width * channels bytes.
Picture picture_of(std::span<const std::uint8_t> interleaved, int channels, int height, int width,
                   Background background);

/// Turned and mirrored as EXIF's orientation says, 1 to 8; anything else leaves it as it is.
Picture oriented(Picture picture, int orientation);

/// EXIF's orientation from its bytes, a TIFF header on; 1 where it says nothing that makes sense.
int exif_orientation(std::span<const std::uint8_t> tiff);

/// Scaled to another size, each at least 1, by Pillow's bilinear filter, which averages where it shrinks; to
/// the last bit.
Picture scaled(const Picture& picture, int height, int width);

/// With one channel, by Pillow's weights of red, green and blue, or three.
Picture with_channels(Picture picture, int channels);

} // namespace ropewalk::datasets
