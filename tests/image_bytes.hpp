// Images as the bytes of a file, for tests that read them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <png.h>

namespace ropewalk {

inline std::string png(const std::uint8_t* pixels, int side, bool colour = false) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = image.height = static_cast<png_uint_32>(side);
    image.format = colour ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    png_alloc_size_t size = 0;
    png_image_write_to_memory(&image, nullptr, &size, 0, pixels, 0, nullptr);
    std::string bytes(size, '\0');
    png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels, 0, nullptr);
    return bytes.substr(0, size);
}

/// Pixels that differ from their neighbours.
inline std::vector<std::uint8_t> shades(int side, int channels = 1) {
    std::vector<std::uint8_t> pixels;
    for (int i = 0; i < side * side * channels; ++i) pixels.push_back(static_cast<std::uint8_t>(i % 251));
    return pixels;
}

} // namespace ropewalk
