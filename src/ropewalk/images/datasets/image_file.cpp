#include "ropewalk/images/datasets/image_file.hpp"

#include <csetjmp>
#include <cstdio>

#include <fmt/format.h>
#include <jpeglib.h>
#include <png.h>

namespace ropewalk::datasets {

namespace {

constexpr std::uint32_t largest_side = 4096;

tl::unexpected<base::Diagnostics> too_large(const std::string& file, std::uint32_t height,
                                            std::uint32_t width) {
    return base::failure(file, fmt::format("an image of {} x {} pixels", height, width),
                         fmt::format("at most {} each way", largest_side));
}

/// Channels one after the other, from pixels one after the other.
DecodedImage planar(const std::vector<std::uint8_t>& pixels, int channels, std::uint32_t height,
                    std::uint32_t width) {
    const auto count = static_cast<std::size_t>(channels), area = std::size_t{height} * width;
    DecodedImage image{channels, static_cast<int>(height), static_cast<int>(width),
                       std::vector<std::uint8_t>(pixels.size())};
    for (std::size_t c = 0; c < count; ++c)
        for (std::size_t i = 0; i < area; ++i) image.pixels[c * area + i] = pixels[i * count + c];
    return image;
}

base::Result<DecodedImage> decode_png(std::string_view bytes, const std::string& file) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    const auto broken = [&] {
        const std::string reason = image.message;
        png_image_free(&image);
        return base::failure(file, "a damaged PNG image: " + reason, "a whole PNG image");
    };
    if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) return broken();
    if (image.width > largest_side || image.height > largest_side) {
        png_image_free(&image);
        return too_large(file, image.height, image.width);
    }
    const bool colour = (image.format & PNG_FORMAT_FLAG_COLOR) != 0;
    image.format = colour ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(image));
    const png_color black{0, 0, 0};
    if (png_image_finish_read(&image, &black, pixels.data(), 0, nullptr) == 0) return broken();
    return planar(pixels, colour ? 3 : 1, image.height, image.width);
}

/// libjpeg's way to fail: it jumps back here.
struct JpegErrors {
    jpeg_error_mgr manager; ///< first, so that its address is that of the whole
    std::jmp_buf back;
    char message[JMSG_LENGTH_MAX];
};

void on_jpeg_error(j_common_ptr info) {
    auto* errors = reinterpret_cast<JpegErrors*>(info->err);
    info->err->format_message(info, errors->message);
    std::longjmp(errors->back, 1);
}

/// A warning says that data are damaged, and libjpeg would go on with grey.
void on_jpeg_warning(j_common_ptr info, int level) {
    if (level < 0) on_jpeg_error(info);
}

struct JpegPixels {
    std::vector<std::uint8_t> pixels;
    std::uint32_t channels = 0, height = 0, width = 0;
    bool large = false;
};

/// False where the file is damaged. Nothing with a destructor is made between setjmp and a jump.
bool read_jpeg(std::string_view bytes, JpegErrors& errors, JpegPixels& result) {
    jpeg_decompress_struct info;
    info.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = on_jpeg_error;
    errors.manager.emit_message = on_jpeg_warning;
    if (setjmp(errors.back) != 0) {
        jpeg_destroy_decompress(&info);
        return false;
    }
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_read_header(&info, TRUE);
    info.out_color_space = info.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    result.channels = info.num_components == 1 ? 1 : 3;
    result.height = info.image_height;
    result.width = info.image_width;
    result.large = result.height > largest_side || result.width > largest_side;
    if (!result.large) {
        jpeg_start_decompress(&info);
        const std::size_t line = std::size_t{result.width} * result.channels;
        result.pixels.resize(line * result.height);
        while (info.output_scanline < info.output_height) {
            JSAMPROW row = result.pixels.data() + info.output_scanline * line;
            jpeg_read_scanlines(&info, &row, 1);
        }
        jpeg_finish_decompress(&info);
    }
    jpeg_destroy_decompress(&info);
    return true;
}

base::Result<DecodedImage> decode_jpeg(std::string_view bytes, const std::string& file) {
    JpegErrors errors{};
    JpegPixels result;
    if (!read_jpeg(bytes, errors, result))
        return base::failure(file, fmt::format("a damaged JPEG image: {}", errors.message),
                             "a whole JPEG image");
    if (result.large) return too_large(file, result.height, result.width);
    return planar(result.pixels, static_cast<int>(result.channels), result.height, result.width);
}

} // namespace

base::Result<DecodedImage> decode_image(std::string_view bytes, const std::string& file) {
    if (bytes.starts_with("\x89PNG")) return decode_png(bytes, file);
    if (bytes.starts_with("\xff\xd8")) return decode_jpeg(bytes, file);
    return base::failure(file, bytes.empty() ? "an empty file" : "a file that is neither PNG nor JPEG",
                         "a PNG or JPEG image");
}

} // namespace ropewalk::datasets
