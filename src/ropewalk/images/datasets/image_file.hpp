// Images in the formats people have, decoded as the tools they use decode them.
#pragma once

#include <string>
#include <string_view>

#include "ropewalk/images/datasets/picture.hpp"

namespace ropewalk::datasets {

/// Decodes PNG or JPEG, told apart by their first bytes; `file` is the name in diagnostics. The result is that
/// of Pillow: 16 bits are scaled linearly to 8, gamma and colour profiles are not applied, CMYK becomes RGB,
/// and what EXIF says of how the camera was held is applied. Transparent pixels come onto the background.
///
/// Fails on other formats, by their name, on damaged or cut files, and on images of more than 16,384 pixels
/// each way or 2^27 in all. A JPEG file with flaws that leave it whole is decoded, with the flaw in `warning`.
base::Result<Picture> decode_image(std::string_view bytes, const std::string& file,
                                   Background background = Background::black);

} // namespace ropewalk::datasets
