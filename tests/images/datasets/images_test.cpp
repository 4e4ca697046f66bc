// Images from files and from our own pen, and what is said about broken ones.
#include <algorithm>
#include <cmath>

#include <zlib.h>

#include "ropewalk/images/datasets/datasets.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::datasets {
namespace {

std::string big_endian(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
    return bytes;
}

/// `count` images of 8 x 8 whose pixels are their index, and labels 0, 1, ..., 9, 0, ...
std::string idx_images(std::uint32_t count) {
    std::string bytes = big_endian(0x803) + big_endian(count) + big_endian(8) + big_endian(8);
    for (std::uint32_t i = 0; i < count; ++i) bytes += std::string(64, static_cast<char>(i));
    return bytes;
}

std::string idx_labels(std::uint32_t count) {
    std::string bytes = big_endian(0x801) + big_endian(count);
    for (std::uint32_t i = 0; i < count; ++i) bytes += static_cast<char>(i % 10);
    return bytes;
}

class ImagesFromFiles : public Scratch {
protected:
    std::string gzipped(const std::string& name, const std::string& content) const {
        gzFile file = gzopen(path(name).c_str(), "wb");
        gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
        gzclose(file);
        return path(name);
    }

    std::string idx_complaint(const std::string& images, const std::string& labels) const {
        return complaint(read_idx(write("images", images), write("labels", labels)), folder_);
    }
};

/// One image of 21 x 15 with a bright line of three pixels' width from top to bottom through its middle.
Images one_line() {
    Images images{.channels = 1, .height = 21, .width = 15, .pixels = std::vector<std::uint8_t>(21 * 15), .labels = {1}};
    for (int y = 3; y < 18; ++y)
        for (int x = 6; x < 9; ++x) images.pixels[static_cast<std::size_t>(y * 15 + x)] = 255;
    return images;
}

/// Where the light of an image lies, down and to the right of its middle, how much there is, and how far to the right it
/// moves for each row down.
struct Light {
    double sum = 0, down = 0, right = 0, slope = 0;
};

Light light_of(const float* pixels) {
    Light light;
    double squares = 0;
    for (int y = 0; y < 21; ++y)
        for (int x = 0; x < 15; ++x) {
            const double each = pixels[y * 15 + x];
            light.sum += each;
            light.down += each * (y - 10);
            light.right += each * (x - 7);
            light.slope += each * (x - 7) * (y - 10);
            squares += each * (y - 10) * (y - 10);
        }
    light.down /= light.sum;
    light.right /= light.sum;
    light.slope /= squares;
    return light;
}

TEST(AugmentedPixels, AreTheImageWithoutAnyChange) {
    const Images images = one_line();
    EXPECT_EQ(augmented_pixels(images, std::vector<std::uint32_t>{0}, {}, 1, 2), pixels_of(images, std::vector<std::uint32_t>{0}));
}

TEST(AugmentedPixels, AreTurnedStretchedAndSlantedByAsMuchAsIsAskedAndNoMore) {
    const Images images = one_line();
    const std::vector<std::uint32_t> many(200);
    const double whole = light_of(pixels_of(images, std::vector<std::uint32_t>{0}).data()).sum;
    struct Case {
        Augmentation augmentation;
        double slope, sum; ///< largest of the line, and of the share by which it is longer and wider
    };
    for (const auto& [augmentation, slope, sum] :
         {Case{{.turn = 0.2}, std::tan(0.2), 0}, Case{{.slant = 0.15}, 0.15, 0}, Case{{.stretch = 0.12}, 0, 1 / 0.88 / 0.88 - 1}}) {
        const std::vector<float> pixels = augmented_pixels(images, many, augmentation, 1, 2);
        double steepest = 0, flattest = 0, most = 0, least = 0;
        for (std::size_t i = 0; i < many.size(); ++i) {
            const Light light = light_of(pixels.data() + i * images.image_size());
            EXPECT_NEAR(light.down, 0, 0.05);
            EXPECT_NEAR(light.right, 0, 0.05);
            steepest = std::max(steepest, light.slope), flattest = std::min(flattest, light.slope);
            most = std::max(most, light.sum / whole - 1), least = std::min(least, light.sum / whole - 1);
        }
        EXPECT_NEAR(steepest, slope, 0.1 * slope + 0.005);
        EXPECT_NEAR(flattest, -slope, 0.1 * slope + 0.005);
        EXPECT_LE(most, sum + 0.02);
        EXPECT_GE(most, 0.5 * sum - 0.02);
        EXPECT_GE(least, -sum - 0.02);
    }
}

TEST(AugmentedPixels, OfSmallImagesAreShiftedLess) {
    const Images images = one_line();
    const std::vector<std::uint32_t> many(100);
    const std::vector<float> pixels = augmented_pixels(images, many, {.shift = 4}, 1, 2);
    double farthest = 0;
    for (std::size_t i = 0; i < many.size(); ++i)
        farthest = std::max(farthest, std::abs(light_of(pixels.data() + i * images.image_size()).right));
    EXPECT_EQ(farthest, 4 * 15 / 28);
}

TEST(AugmentedPixels, OfEveryStepAndSeedAreTheirOwnAndTheSameAgain) {
    const Images images = one_line();
    const std::vector<std::uint32_t> two(2);
    const Augmentation augmentation{.shift = 2, .turn = 0.2, .stretch = 0.1, .slant = 0.1};
    const std::vector<float> once = augmented_pixels(images, two, augmentation, 1, 2);
    EXPECT_EQ(augmented_pixels(images, two, augmentation, 1, 2), once);
    EXPECT_NE(augmented_pixels(images, two, augmentation, 1, 3), once);
    EXPECT_NE(augmented_pixels(images, two, augmentation, 2, 2), once);
    const auto half = static_cast<std::ptrdiff_t>(images.image_size());
    EXPECT_NE(std::vector<float>(once.begin(), once.begin() + half), std::vector<float>(once.begin() + half, once.end()));
    for (const float pixel : once) EXPECT_TRUE(pixel >= 0 && pixel <= 1) << pixel;
}

TEST_F(ImagesFromFiles, AreReadFromIdxPlainAndCompressed) {
    const auto plain = read_idx(write("images", idx_images(20)), write("labels", idx_labels(20)));
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->count(), 20u);
    EXPECT_EQ(plain->height, 8);
    EXPECT_EQ(plain->labels[9], 10);
    EXPECT_EQ(plain->image(7)[63], 7);
    const auto packed = read_idx(gzipped("images.gz", idx_images(20)), gzipped("labels.gz", idx_labels(20)));
    ASSERT_TRUE(packed);
    EXPECT_EQ(packed->pixels, plain->pixels);
    EXPECT_EQ(packed->labels, plain->labels);
}

TEST_F(ImagesFromFiles, AreFoundUnderTheNamesOfMnist) {
    write("train-images-idx3-ubyte", idx_images(20));
    gzipped("train-labels-idx1-ubyte.gz", idx_labels(20));
    write("t10k-images-idx3-ubyte", idx_images(10));
    write("t10k-labels-idx1-ubyte", idx_labels(10));
    const auto dataset = read_mnist(folder_.string());
    ASSERT_TRUE(dataset);
    EXPECT_EQ(dataset->train.count(), 20u);
    EXPECT_EQ(dataset->test.count(), 10u);
    write("t10k-images-idx3-ubyte", idx_images(9));
    write("t10k-labels-idx1-ubyte", idx_labels(9));
    EXPECT_NE(complaint(read_mnist(folder_.string()), folder_).find("no test image with label 10"),
              std::string::npos);
}

TEST_F(ImagesFromFiles, ThatAreMissingAreNamedTogether) {
    EXPECT_EQ(complaint(read_idx(path("a"), path("b")), folder_),
              "a: no such file; expected a file that exists\nb: no such file; expected a file that exists\n");
}

TEST_F(ImagesFromFiles, WithTheWrongMagicNumberAreRefused) {
    EXPECT_EQ(idx_complaint(idx_labels(20), idx_labels(20)),
              "images: magic number 0x00000801; expected 0x00000803, an IDX file of images\n");
    EXPECT_EQ(idx_complaint("abcdef", idx_labels(20)),
              "images: magic number 0x61626364; expected 0x00000803, an IDX file of images\n");
    EXPECT_EQ(idx_complaint("ab", idx_labels(20)), "images: 2 bytes; expected an IDX file of images\n");
}

TEST_F(ImagesFromFiles, CutShortAreRefused) {
    EXPECT_EQ(
        idx_complaint(idx_images(20).substr(0, 1000), idx_labels(20)),
        "images: 984 bytes behind the header; expected 1280 bytes for 20 images; the file is cut short\n");
    EXPECT_EQ(idx_complaint(idx_images(20).substr(0, 9), idx_labels(20)),
              "images: 9 bytes; expected a header of 16 bytes; the file is cut short\n");
    const std::string whole = *base::read_file(gzipped("whole", idx_images(20)));
    EXPECT_EQ(idx_complaint(whole.substr(0, whole.size() - 12), idx_labels(20)).substr(0, 21),
              "images: gzip data tha");
    std::string damaged = whole;
    damaged[3] = '\x7f';
    damaged[12] = '\xff';
    EXPECT_NE(idx_complaint(damaged, idx_labels(20)), "no failure");
}

TEST_F(ImagesFromFiles, ThatInflateBeyondTheirHeaderAreNotInflatedToTheEnd) {
    const std::string said = complaint(read_idx(gzipped("big", idx_images(20) + std::string(64 << 20, 'x')),
                                                write("labels", idx_labels(20))),
                                       folder_);
    const long unpacked = std::stol(said.substr(std::string("big: ").size()));
    EXPECT_GT(unpacked, 1280);
    EXPECT_LT(unpacked, 2 << 20) << "a megabyte is enough";
    EXPECT_NE(said.find(" bytes behind the header; expected 1280 bytes for 20 images and nothing after them"),
              std::string::npos);
}

TEST_F(ImagesFromFiles, WhoseHeaderClaimsTooMuchAreRefusedBeforeTheyAreUnpacked) {
    const std::string header =
        big_endian(0x803) + big_endian(0xffffffff) + big_endian(1024) + big_endian(1024);
    EXPECT_EQ(complaint(read_idx(gzipped("big", header + std::string(8 << 20, 'x')),
                                 write("labels", idx_labels(20))),
                        folder_),
              "big: 4503599626321936 bytes by its header; expected at most 1073741824\n");
}

TEST_F(ImagesFromFiles, NeedAsManyLabelsAndLabelsInRange) {
    EXPECT_EQ(idx_complaint(idx_images(20), idx_labels(19)),
              "labels: 19 labels; expected 20, one for each image of images\n");
    std::string labels = idx_labels(20);
    labels[8 + 6] = 10;
    EXPECT_EQ(idx_complaint(idx_images(20), labels), "labels: label 10 of image 7; expected 0 to 9\n");
    EXPECT_EQ(
        idx_complaint(idx_images(20) + "x", idx_labels(20)),
        "images: 1281 bytes behind the header; expected 1280 bytes for 20 images and nothing after them\n");
}

TEST_F(ImagesFromFiles, OfAnotherSizeThanTheRestAreRefused) {
    Dataset dataset = draw_glyphs({.train = 20, .test = 20});
    dataset.test.height = 14;
    dataset.test.width = 56;
    EXPECT_EQ(complaint(checked(dataset, "here"), folder_),
              "here: test images of 1 x 14 x 56; expected 1 x 28 x 28 as the training images\n");
}

TEST_F(ImagesFromFiles, AreReadFromCifar10) {
    std::string batch;
    for (int i = 0; i < 10; ++i) batch.append(1 + 3072, static_cast<char>(i));
    for (const char* name : {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
                             "data_batch_5.bin", "test_batch.bin"})
        write(name, batch);
    const auto dataset = read_cifar10(folder_.string());
    ASSERT_TRUE(dataset);
    EXPECT_EQ(dataset->train.count(), 50u);
    EXPECT_EQ(dataset->train.labels[19], 10);
    EXPECT_EQ(dataset->test.image(3)[3071], 3);

    write("data_batch_3.bin", batch.substr(0, 5000));
    EXPECT_EQ(complaint(read_cifar10(folder_.string()), folder_),
              "data_batch_3.bin: 5000 bytes; expected whole records of 3073 bytes, a label and 3 x 32 x 32 "
              "pixels; the file is cut short or of another kind\n");
    batch[3073 * 4] = 11;
    write("data_batch_3.bin", batch);
    EXPECT_EQ(complaint(read_cifar10(folder_.string()), folder_),
              "data_batch_3.bin: label 11 of image 5; expected 0 to 9\n");
    std::filesystem::remove(folder_ / "data_batch_3.bin");
    EXPECT_EQ(complaint(read_cifar10(folder_.string()), folder_),
              "data_batch_3.bin: no such file; expected a file that exists\n");
}

TEST(Glyphs, DependOnTheSeedAndNotOnTheThreads) {
    const Dataset one = draw_glyphs({.train = 50, .test = 20, .seed = 3, .threads = 1});
    const Dataset two = draw_glyphs({.train = 50, .test = 20, .seed = 3, .threads = 2});
    const Dataset other = draw_glyphs({.train = 50, .test = 20, .seed = 4, .threads = 1});
    EXPECT_EQ(one.train.pixels, two.train.pixels);
    EXPECT_EQ(one.test.pixels, two.test.pixels);
    EXPECT_NE(one.train.pixels, other.train.pixels);
    EXPECT_TRUE(checked(one, "glyphs"));
    EXPECT_EQ(one.train.labels[9], 10);
}

TEST(Glyphs, HaveInkOnPaper) {
    const Dataset glyphs = draw_glyphs({.train = 200, .test = 10});
    const PixelStatistics statistics = pixel_statistics(glyphs.train);
    EXPECT_GT(statistics.mean[0], 0.05);
    EXPECT_LT(statistics.mean[0], 0.4);
    EXPECT_GT(statistics.deviation[0], 0.1);
}

} // namespace
} // namespace ropewalk::datasets
