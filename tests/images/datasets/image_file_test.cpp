// Image files in the formats people have, and what is said about broken ones.
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include "ropewalk/images/datasets/datasets.hpp"
#include "tests/image_bytes.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::datasets {
namespace {

std::string jpeg(const std::vector<std::uint8_t>& pixels, unsigned side, int channels) {
    jpeg_compress_struct info;
    jpeg_error_mgr errors;
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char* buffer = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &buffer, &size);
    info.image_width = info.image_height = side;
    info.input_components = channels;
    info.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < side) {
        JSAMPROW row = const_cast<std::uint8_t*>(pixels.data()) +
                       info.next_scanline * side * static_cast<unsigned>(channels);
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    const std::string bytes(reinterpret_cast<char*>(buffer), size);
    std::free(buffer);
    return bytes;
}

TEST(ImageFiles, AreReadFromPngAsTheyAre) {
    const auto grey = decode_image(png(shades(9).data(), 9), "a.png");
    ASSERT_TRUE(grey) << base::render(grey.error());
    EXPECT_EQ(grey->channels, 1);
    EXPECT_EQ(grey->width, 9);
    EXPECT_EQ(grey->pixels, shades(9));
    const auto colour = decode_image(png(shades(8, 3).data(), 8, true), "b.png");
    ASSERT_TRUE(colour);
    EXPECT_EQ(colour->channels, 3);
    // Channels are told apart: the second pixel's red, the first one's green, the last one's blue.
    EXPECT_EQ(colour->pixels[1], 3);
    EXPECT_EQ(colour->pixels[64], 1);
    EXPECT_EQ(colour->pixels[191], 191);
}

TEST(ImageFiles, AreReadFromJpegNearly) {
    for (const int channels : {1, 3}) {
        const std::vector<std::uint8_t> flat(16 * 16 * static_cast<std::size_t>(channels), 120);
        const auto image = decode_image(jpeg(flat, 16, channels), "a.jpg");
        ASSERT_TRUE(image) << base::render(image.error());
        EXPECT_EQ(image->channels, channels);
        EXPECT_EQ(image->height, 16);
        for (const std::uint8_t pixel : image->pixels) EXPECT_NEAR(pixel, 120, 2);
    }
}

TEST(ImageFiles, ThatAreDamagedAreRefused) {
    const std::string whole = png(shades(20).data(), 20), photo = jpeg(shades(64), 64, 1);
    const auto said = [](const std::string& bytes) { return complaint(decode_image(bytes, "x"), ""); };
    for (const std::size_t size : {std::size_t{5}, std::size_t{30}, whole.size() - 20})
        EXPECT_NE(said(whole.substr(0, size)).find("x: a damaged PNG image: "), std::string::npos) << size;
    for (const std::size_t size : {std::size_t{5}, photo.size() / 2, photo.size() - 2})
        EXPECT_NE(said(photo.substr(0, size)).find("x: a damaged JPEG image: "), std::string::npos) << size;
    EXPECT_EQ(said("left,right"), "x: a file that is neither PNG nor JPEG; expected a PNG or JPEG image\n");
    EXPECT_EQ(said(""), "x: an empty file; expected a PNG or JPEG image\n");
}

} // namespace
} // namespace ropewalk::datasets
