// JPEG files.
#include "ropewalk/images/datasets/picture_file.hpp"

#include <csetjmp>
#include <cstdio>

#include <fmt/format.h>
// Their order matters: jpeglib.h needs what cstdio declares.
#include <jpeglib.h>

#include <jerror.h>

namespace ropewalk::datasets {

namespace {

/// libjpeg's way to fail: it jumps back here.
struct Errors {
    jpeg_error_mgr manager; ///< first, so that its address is that of the whole
    std::jmp_buf back;
    char message[JMSG_LENGTH_MAX];
    bool warned;
};

void on_error(j_common_ptr info) {
    auto* errors = reinterpret_cast<Errors*>(info->err);
    info->err->format_message(info, errors->message);
    std::longjmp(errors->back, 1);
}

/// A file that ends too soon is no image, where libjpeg would go on with grey. Other flaws are told of.
void on_message(j_common_ptr info, int level) {
    if (level >= 0) return;
    auto* errors = reinterpret_cast<Errors*>(info->err);
    if (info->err->msg_code == JWRN_JPEG_EOF) on_error(info);
    if (!errors->warned) info->err->format_message(info, errors->message);
    errors->warned = true;
}

struct JpegContents {
    std::vector<std::uint8_t> pixels;
    std::uint32_t channels = 0, height = 0, width = 0;
    int orientation = 1;
};

constexpr int exif_marker = JPEG_APP0 + 1;

int orientation_of(const jpeg_decompress_struct& info) {
    static constexpr std::string_view name{"Exif\0\0", 6};
    for (jpeg_saved_marker_ptr marker = info.marker_list; marker != nullptr; marker = marker->next)
        if (marker->marker == exif_marker && marker->data_length > name.size() &&
            std::string_view(reinterpret_cast<char*>(marker->data), name.size()) == name)
            return exif_orientation({marker->data + name.size(), marker->data_length - name.size()});
    return 1;
}

/// False where the file is damaged. Nothing with a destructor is made between setjmp and a jump.
bool read(std::string_view bytes, Errors& errors, JpegContents& contents) {
    jpeg_decompress_struct info;
    info.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = on_error;
    errors.manager.emit_message = on_message;
    if (setjmp(errors.back) != 0) {
        jpeg_destroy_decompress(&info);
        return false;
    }
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_save_markers(&info, exif_marker, 0xffff);
    jpeg_read_header(&info, TRUE);
    info.out_color_space = info.num_components == 1   ? JCS_GRAYSCALE
                           : info.num_components == 4 ? JCS_CMYK
                                                      : JCS_RGB;
    contents.channels = info.num_components == 1 ? 1 : info.num_components == 4 ? 4 : 3;
    contents.height = info.image_height;
    contents.width = info.image_width;
    contents.orientation = orientation_of(info);
    if (!is_too_large(contents.height, contents.width)) {
        jpeg_start_decompress(&info);
        const std::size_t line = std::size_t{contents.width} * contents.channels;
        contents.pixels.resize(line * contents.height);
        while (info.output_scanline < info.output_height) {
            JSAMPROW row = contents.pixels.data() + info.output_scanline * line;
            jpeg_read_scanlines(&info, &row, 1);
        }
        jpeg_finish_decompress(&info);
    }
    jpeg_destroy_decompress(&info);
    return true;
}

/// RGB from CMYK as Adobe writes it, every number taken from 255.
std::vector<std::uint8_t> rgb_of(const std::vector<std::uint8_t>& cmyk) {
    std::vector<std::uint8_t> rgb;
    rgb.reserve(cmyk.size() / 4 * 3);
    for (std::size_t i = 0; i + 3 < cmyk.size(); i += 4) {
        const unsigned light = cmyk[i + 3];
        for (std::size_t c = 0; c < 3; ++c) {
            const unsigned x = (255u - cmyk[i + c]) * light + 128;
            const unsigned taken = (x + (x >> 8)) >> 8;
            rgb.push_back(static_cast<std::uint8_t>(light > taken ? light - taken : 0));
        }
    }
    return rgb;
}

} // namespace

base::Result<Picture> decode_jpeg(std::string_view bytes, const std::string& file) {
    Errors errors{};
    JpegContents contents;
    if (!read(bytes, errors, contents))
        return base::failure(file, fmt::format("a damaged JPEG image: {}", errors.message),
                             "a whole JPEG image");
    if (is_too_large(contents.height, contents.width)) return too_large(file, contents.height, contents.width);
    if (contents.channels == 4) contents.pixels = rgb_of(contents.pixels), contents.channels = 3;
    Picture picture = oriented(picture_of(contents.pixels, static_cast<int>(contents.channels),
                                          static_cast<int>(contents.height), static_cast<int>(contents.width),
                                          Background::black),
                               contents.orientation);
    if (errors.warned) picture.warning = errors.message;
    return picture;
}

} // namespace ropewalk::datasets
