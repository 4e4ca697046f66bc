#include "ropewalk/images/datasets/idx.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "ropewalk/images/datasets/gunzip.hpp"

namespace ropewalk::datasets {

namespace {

constexpr std::size_t largest_idx_side = 1024;

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    return value;
}

/// An IDX file of unsigned bytes: its dimensions and what follows them.
struct Idx {
    std::vector<std::size_t> dimensions;
    std::string_view data;
};

base::Result<Idx> parse_idx(const std::string& bytes, const std::string& file, std::size_t dimensions,
                            const std::string& kind) {
    const std::size_t header = 4 + 4 * dimensions;
    if (bytes.size() < 4)
        return base::failure(file, fmt::format("{} bytes", bytes.size()), "an IDX file of " + kind);
    const std::uint32_t magic = big_endian(bytes, 0), wanted = 0x800 + static_cast<std::uint32_t>(dimensions);
    if (magic != wanted)
        return base::failure(file, fmt::format("magic number 0x{:08x}", magic),
                             fmt::format("0x{:08x}, an IDX file of {}", wanted, kind));
    if (bytes.size() < header)
        return base::failure(file, fmt::format("{} bytes", bytes.size()),
                             fmt::format("a header of {} bytes; the file is cut short", header));
    Idx idx;
    std::uint64_t size = 1;
    for (std::size_t i = 0; i < dimensions; ++i) {
        idx.dimensions.push_back(big_endian(bytes, 4 + 4 * i));
        if (i > 0 && (idx.dimensions[i] < 1 || idx.dimensions[i] > largest_idx_side))
            return base::failure(file, fmt::format("images with a side of {}", idx.dimensions[i]),
                                 fmt::format("1 to {} pixels", largest_idx_side));
        size *= idx.dimensions[i];
    }
    idx.data = std::string_view(bytes).substr(header);
    if (idx.data.size() != size)
        return base::failure(
            file, fmt::format("{} bytes behind the header", idx.data.size()),
            fmt::format("{} bytes for {} {}{}", size, idx.dimensions[0], kind,
                        idx.data.size() < size ? "; the file is cut short" : " and nothing after them"));
    return idx;
}

/// How many bytes an IDX file has by its header; where that is none, no more than is needed to say so.
std::uint64_t claimed_size(std::string_view beginning, std::size_t dimensions) {
    std::uint64_t size = 1;
    const std::string header(beginning.substr(0, 4 + 4 * dimensions));
    if (header.size() < 4 + 4 * dimensions || big_endian(header, 0) != 0x800 + dimensions) return 1;
    for (std::size_t i = 0; i < dimensions; ++i) {
        const std::uint32_t side = big_endian(header, 4 + 4 * i);
        if (i > 0 && side > largest_idx_side) return 1;
        size *= side;
    }
    return header.size() + size;
}

/// The file itself or its compressed form, whichever is there.
std::string present(const std::filesystem::path& folder, const std::string& name) {
    const std::string plain = (folder / name).string(), packed = plain + ".gz";
    std::error_code error;
    return std::filesystem::exists(packed, error) && !std::filesystem::exists(plain, error) ? packed : plain;
}

} // namespace

base::Result<Images> read_idx(const std::string& image_file, const std::string& label_file) {
    const auto size_of = [](std::size_t dimensions) {
        return [dimensions](std::string_view beginning) { return claimed_size(beginning, dimensions); };
    };
    const auto image_bytes = read_unpacked(image_file, size_of(3)),
               label_bytes = read_unpacked(label_file, size_of(1));
    base::Diagnostics errors;
    for (const auto* bytes : {&image_bytes, &label_bytes})
        if (!*bytes) errors.insert(errors.end(), bytes->error().begin(), bytes->error().end());
    if (!errors.empty()) return base::failure(std::move(errors));
    const auto pixels = parse_idx(*image_bytes, image_file, 3, "images");
    if (!pixels) return base::failure(pixels.error());
    const auto labels = parse_idx(*label_bytes, label_file, 1, "labels");
    if (!labels) return base::failure(labels.error());
    if (labels->dimensions[0] != pixels->dimensions[0])
        return base::failure(label_file, fmt::format("{} labels", labels->dimensions[0]),
                             fmt::format("{}, one for each image of {}", pixels->dimensions[0], image_file));
    Images images{
        1, static_cast<int>(pixels->dimensions[1]), static_cast<int>(pixels->dimensions[2]), {}, {}};
    images.pixels.assign(pixels->data.begin(), pixels->data.end());
    for (std::size_t i = 0; i < labels->data.size(); ++i) {
        const auto label = static_cast<std::uint8_t>(labels->data[i]);
        if (label > 9)
            return base::failure(label_file, fmt::format("label {} of image {}", label, i + 1), "0 to 9");
        images.labels.push_back(static_cast<std::uint8_t>(label + 1));
    }
    return images;
}

base::Result<Dataset> read_mnist(const std::string& folder) {
    const auto part = [&](const std::string& prefix) {
        return read_idx(present(folder, prefix + "-images-idx3-ubyte"),
                        present(folder, prefix + "-labels-idx1-ubyte"));
    };
    auto train = part("train");
    if (!train) return base::failure(train.error());
    auto test = part("t10k");
    if (!test) return base::failure(test.error());
    return checked({"mnist", std::move(*train), std::move(*test)}, folder);
}

} // namespace ropewalk::datasets
