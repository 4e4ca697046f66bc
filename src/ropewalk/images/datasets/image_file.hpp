// Images in the formats people have.
#pragma once

#include <string>
#include <string_view>

#include "ropewalk/images/datasets/images.hpp"

namespace ropewalk::datasets {

/// One image. Pixel (c, y, x) is pixels[(c * height + y) * width + x], as in Images.
struct DecodedImage {
    int channels = 1; ///< 1 for grey, 3 for colour
    int height = 0;
    int width = 0;
    std::vector<std::uint8_t> pixels;
};

/// Decodes PNG (of any depth; transparent pixels on black) or JPEG, told apart by their first bytes; `file`
/// is the name in diagnostics. Fails on anything else, on damaged or cut files and on sides above 4,096
/// pixels.
base::Result<DecodedImage> decode_image(std::string_view bytes, const std::string& file);

} // namespace ropewalk::datasets
