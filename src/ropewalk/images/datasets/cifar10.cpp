#include "ropewalk/images/datasets/cifar10.hpp"

#include <filesystem>

#include <fmt/format.h>

namespace ropewalk::datasets {

namespace {

constexpr std::size_t image_bytes = 3 * 32 * 32, record_bytes = 1 + image_bytes;

} // namespace

base::Result<Images> read_cifar10_file(const std::string& file) {
    const auto bytes = base::read_file(file);
    if (!bytes) return base::failure(bytes.error());
    if (bytes->empty() || bytes->size() % record_bytes != 0)
        return base::failure(
            file, fmt::format("{} bytes", bytes->size()),
            fmt::format("whole records of {} bytes, a label and 3 x 32 x 32 pixels; the file "
                        "is cut short or of another kind",
                        record_bytes));
    Images images{3, 32, 32, {}, {}};
    const std::size_t count = bytes->size() / record_bytes;
    images.pixels.reserve(count * image_bytes);
    for (std::size_t i = 0; i < count; ++i) {
        const auto record = std::string_view(*bytes).substr(i * record_bytes, record_bytes);
        const auto label = static_cast<std::uint8_t>(record[0]);
        if (label > 9)
            return base::failure(file, fmt::format("label {} of image {}", label, i + 1), "0 to 9");
        images.labels.push_back(static_cast<std::uint8_t>(label + 1));
        images.pixels.insert(images.pixels.end(), record.begin() + 1, record.end());
    }
    return images;
}

base::Result<Dataset> read_cifar10(const std::string& folder) {
    std::filesystem::path place = folder;
    std::error_code error;
    if (std::filesystem::is_directory(place / "cifar-10-batches-bin", error)) place /= "cifar-10-batches-bin";
    const auto file = [&](const std::string& name) { return read_cifar10_file((place / name).string()); };
    Dataset dataset{"cifar10", {3, 32, 32, {}, {}}, {}};
    for (int batch = 1; batch <= 5; ++batch) {
        const auto images = file(fmt::format("data_batch_{}.bin", batch));
        if (!images) return base::failure(images.error());
        dataset.train.pixels.insert(dataset.train.pixels.end(), images->pixels.begin(), images->pixels.end());
        dataset.train.labels.insert(dataset.train.labels.end(), images->labels.begin(), images->labels.end());
    }
    auto test = file("test_batch.bin");
    if (!test) return base::failure(test.error());
    dataset.test = std::move(*test);
    return checked(std::move(dataset), place.string());
}

} // namespace ropewalk::datasets
