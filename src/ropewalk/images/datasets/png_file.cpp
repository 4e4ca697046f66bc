// PNG files.
#include "ropewalk/images/datasets/picture_file.hpp"

#include <csetjmp>
#include <cstring>

#include <png.h>

namespace ropewalk::datasets {

namespace {

struct Input {
    std::string_view bytes;
    char message[256];
};

void on_error(png_structp png, png_const_charp message) {
    auto* input = static_cast<Input*>(png_get_error_ptr(png));
    std::strncpy(input->message, message, sizeof input->message - 1);
    longjmp(png_jmpbuf(png), 1);
}

/// Odd chunks beside the pixels; libpng goes on where the pixels are whole.
void on_warning(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep to, png_size_t count) {
    auto* input = static_cast<Input*>(png_get_io_ptr(png));
    if (input->bytes.size() < count) png_error(png, "the file is cut short");
    std::memcpy(to, input->bytes.data(), count);
    input->bytes.remove_prefix(count);
}

/// What is read of a file, made before the jumps.
struct PngContents {
    std::uint32_t height = 0, width = 0;
    int channels = 0, orientation = 1;
    std::vector<std::uint8_t> pixels;
    std::vector<std::uint8_t*> rows;
};

/// False where the file is damaged. Nothing with a destructor is made between setjmp and a jump.
bool read(png_structp png, png_infop info, PngContents& contents) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_read_info(png, info);
    contents.height = png_get_image_height(png, info);
    contents.width = png_get_image_width(png, info);
    if (is_too_large(contents.height, contents.width)) return true;
    png_set_expand(png);   // palettes to colours, fewer bits to 8, a transparent colour to alpha
    png_set_scale_16(png); // linearly
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    contents.channels = png_get_channels(png, info);
    const std::size_t line = png_get_rowbytes(png, info);
    contents.pixels.resize(line * contents.height);
    for (std::size_t y = 0; y < contents.height; ++y)
        contents.rows.push_back(contents.pixels.data() + y * line);
    png_read_image(png, contents.rows.data());
    png_read_end(png, info);
    png_bytep exif = nullptr;
    png_uint_32 size = 0;
    if (png_get_eXIf_1(png, info, &size, &exif) != 0) contents.orientation = exif_orientation({exif, size});
    return true;
}

} // namespace

base::Result<Picture> decode_png(std::string_view bytes, const std::string& file, Background background) {
    Input input{bytes, {}};
    PngContents contents;
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &input, on_error, on_warning);
    png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
    bool whole = false;
    if (info != nullptr) {
        png_set_read_fn(png, &input, read_bytes);
        whole = read(png, info, contents);
    }
    png_destroy_read_struct(&png, &info, nullptr);
    if (!whole)
        return base::failure(file, std::string("a damaged PNG image: ") + input.message, "a whole PNG image");
    if (is_too_large(contents.height, contents.width)) return too_large(file, contents.height, contents.width);
    return oriented(picture_of(contents.pixels, contents.channels, static_cast<int>(contents.height),
                               static_cast<int>(contents.width), background),
                    contents.orientation);
}

} // namespace ropewalk::datasets
