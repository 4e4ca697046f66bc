// Pictures as Pillow makes them of the same files: tests/golden/pictures.
#include <fstream>
#include <sstream>

#include "ropewalk/images/datasets/datasets.hpp"
#include "tests/places.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::datasets {
namespace {

const std::string folder = source_dir() + "/tests/golden/pictures/";

/// PGM or PPM, as make.py writes it.
Picture golden(const std::string& name) {
    std::ifstream file(folder + name + ".ppm", std::ios::binary);
    if (!file) file.open(folder + name + ".pgm", std::ios::binary);
    std::string kind;
    int width = 0, height = 0, most = 0;
    file >> kind >> width >> height >> most;
    file.get();
    std::ostringstream rest;
    rest << file.rdbuf();
    const std::string bytes = rest.str();
    const std::vector<std::uint8_t> pixels(bytes.begin(), bytes.end());
    EXPECT_EQ(most, 255) << name;
    return picture_of(pixels, kind == "P6" ? 3 : 1, height, width, Background::black);
}

Picture decoded(const std::string& file, Background background = Background::black) {
    const auto picture = decode_image(*base::read_file(folder + file), file, background);
    EXPECT_TRUE(picture) << base::render(picture.error());
    return picture ? *picture : Picture{};
}

void expect_same(const Picture& picture, const Picture& expected, const std::string& name) {
    EXPECT_EQ(picture.channels, expected.channels) << name;
    EXPECT_EQ(picture.height, expected.height) << name;
    EXPECT_EQ(picture.width, expected.width) << name;
    EXPECT_EQ(picture.pixels, expected.pixels) << name;
}

TEST(Pictures, AreDecodedAsPillowDecodesThem) {
    for (const std::string name : {"grey16.png", "gamma.png", "onebit.png", "cmyk.jpg", "progressive.jpg"})
        expect_same(decoded(name), golden(name.substr(0, name.find('.'))), name);
}

TEST(Pictures, WithTransparentPixelsComeOntoTheBackground) {
    for (const std::string name : {"rgba", "grey_alpha", "palette"}) {
        expect_same(decoded(name + ".png"), golden(name + "_black"), name);
        expect_same(decoded(name + ".png", Background::white), golden(name + "_white"), name);
    }
}

TEST(Pictures, StandAsTheCameraWasHeld) {
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const std::string name = "exif" + std::to_string(orientation);
        expect_same(decoded(name + ".jpg"), golden(name), name);
    }
}

TEST(Pictures, SayNothingOfOrientationWhereExifIsDamaged) {
    const std::vector<std::uint8_t> cut{'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1},
        far{'M', 'M', 0, 42, 255, 255, 255, 255}, none{};
    for (const auto& bytes : {cut, far, none}) EXPECT_EQ(exif_orientation(bytes), 1);
}

TEST(Pictures, AreScaledAsPillowScalesThem) {
    const Picture large = decoded("large.png");
    expect_same(scaled(large, 8, 9), golden("large_9x8"), "9 x 8");
    expect_same(scaled(large, 31, 40), golden("large_40x31"), "40 x 31");
    expect_same(scaled(large, large.height, large.width), large, "as it is");
}

TEST(Pictures, BecomeGreyAsPillowMakesThemGrey) {
    expect_same(with_channels(decoded("large.png"), 1), golden("large_grey"), "grey");
    const Picture grey = decoded("onebit.png"), wide = with_channels(grey, 3);
    EXPECT_EQ(wide.channels, 3);
    EXPECT_EQ(with_channels(wide, 1).pixels, grey.pixels);
}

TEST(Pictures, InOtherFormatsAreRefusedByName) {
    const auto said = [](const std::string& bytes) { return complaint(decode_image(bytes, "x"), ""); };
    for (const auto& [bytes, name] : {std::pair<std::string, std::string>{"BM....", "BMP"},
                                      {"GIF89a", "GIF"},
                                      {std::string("II*\0", 4), "TIFF"},
                                      {"RIFF\1\2\3\4WEBPVP8 ", "WebP"}})
        EXPECT_EQ(said(bytes).find("x: a file in " + name + " format, which cannot be read; expected a PNG or JPEG"),
                  0u)
            << said(bytes);
}

} // namespace
} // namespace ropewalk::datasets
