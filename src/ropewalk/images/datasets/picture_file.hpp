// The decoders of each format of files, for decode_image.
#pragma once

#include <string>
#include <string_view>

#include "ropewalk/images/datasets/picture.hpp"

namespace ropewalk::datasets {

base::Result<Picture> decode_png(std::string_view bytes, const std::string& file, Background background);
base::Result<Picture> decode_jpeg(std::string_view bytes, const std::string& file);

/// Whether an image is beyond what is decoded, see decode_image; asked before memory is taken.
bool is_too_large(std::uint32_t height, std::uint32_t width);
tl::unexpected<base::Diagnostics> too_large(const std::string& file, std::uint32_t height,
                                            std::uint32_t width);

} // namespace ropewalk::datasets
