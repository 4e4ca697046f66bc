// PNG and JPEG: an image that is read has the pixels that its sides say.
#include "ropewalk/images/datasets/image_file.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ropewalk;
    const auto image = datasets::decode_image(fuzz::text_of(data, size), "fuzz");
    if (!image) return fuzz::refused(image.error());
    fuzz::holds(image->pixels.size() == static_cast<std::size_t>(image->channels) *
                                            static_cast<std::size_t>(image->height) *
                                            static_cast<std::size_t>(image->width),
                "there are pixels for both sides");
    return 0;
}
