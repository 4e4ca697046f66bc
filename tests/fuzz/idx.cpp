// Files of MNIST's kind, packed or not: an image for every label. The first byte says how much of the input
// is images.
#include "ropewalk/images/datasets/idx.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ropewalk;
    if (size == 0) return 0;
    const std::string_view bytes = fuzz::text_of(data + 1, size - 1);
    const std::size_t of_images = bytes.size() * data[0] / 255;
    const fuzz::MemoryFile images(bytes.substr(0, of_images)), labels(bytes.substr(of_images));
    const auto read = datasets::read_idx(images.path(), labels.path());
    if (!read) return fuzz::refused(read.error());
    fuzz::holds(read->pixels.size() == read->labels.size() * static_cast<std::size_t>(
                                                                 read->channels * read->height * read->width),
                "there are pixels for every label");
    return 0;
}
