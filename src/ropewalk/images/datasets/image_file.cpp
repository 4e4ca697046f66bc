#include "ropewalk/images/datasets/image_file.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "ropewalk/images/datasets/picture_file.hpp"

namespace ropewalk::datasets {

namespace {

constexpr std::uint32_t largest_side = 16'384;
constexpr std::size_t most_pixels = std::size_t{1} << 27;

/// What a file is, by its first bytes, where it is a picture or a document that cannot be read.
std::string_view other_format(std::string_view bytes) {
    using std::string_view_literals::operator""sv;
    constexpr std::array<std::pair<std::string_view, std::string_view>, 12> beginnings{
        {{"GIF8"sv, "GIF"sv},
         {"BM"sv, "BMP"sv},
         {"II*\0"sv, "TIFF"sv},
         {"MM\0*"sv, "TIFF"sv},
         {"\0\0\1\0"sv, "ICO"sv},
         {"%PDF"sv, "PDF"sv},
         {"<svg"sv, "SVG"sv},
         {"<?xml"sv, "XML or SVG"sv},
         {"\xff\x0a"sv, "JPEG XL"sv},
         {"\0\0\0\x0cJXL "sv, "JPEG XL"sv},
         {"\0\0\0\x0cjP  "sv, "JPEG 2000"sv},
         {"P5"sv, "PGM"sv}}};
    if (bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP")) return "WebP";
    if (bytes.size() > 12 && bytes.substr(4, 4) == "ftyp")
        return bytes.substr(8, 4) == "avif" ? "AVIF" : "HEIC";
    for (const auto& [beginning, name] : beginnings)
        if (bytes.starts_with(beginning)) return name;
    return {};
}

} // namespace

bool is_too_large(std::uint32_t height, std::uint32_t width) {
    return height > largest_side || width > largest_side || std::size_t{height} * width > most_pixels;
}

tl::unexpected<base::Diagnostics> too_large(const std::string& file, std::uint32_t height,
                                            std::uint32_t width) {
    return base::failure(file, fmt::format("an image of {} x {} pixels", height, width),
                         fmt::format("at most {} each way and {} in all", largest_side, most_pixels));
}

base::Result<Picture> decode_image(std::string_view bytes, const std::string& file, Background background) {
    if (bytes.starts_with("\x89PNG")) return decode_png(bytes, file, background);
    if (bytes.starts_with("\xff\xd8")) return decode_jpeg(bytes, file);
    if (const std::string_view format = other_format(bytes); !format.empty())
        return base::failure(file, fmt::format("a file in {} format, which cannot be read", format),
                             "a PNG or JPEG image; tools such as ImageMagick convert to PNG");
    return base::failure(file, bytes.empty() ? "an empty file" : "a file that is neither PNG nor JPEG",
                         "a PNG or JPEG image");
}

} // namespace ropewalk::datasets
