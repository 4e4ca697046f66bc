#include "ropewalk/images/datasets/gallery.hpp"

#include <fmt/format.h>

namespace ropewalk::datasets {

namespace {

constexpr std::size_t most_pixels = std::size_t{1} << 32;

} // namespace

Gallery::Gallery(const std::string& manifest)
    : manifest_(manifest), folder_(std::filesystem::path(manifest).parent_path()) {}

base::Result<std::uint32_t> Gallery::index_of(const std::string& name, int line) {
    if (const auto known = places_.find(name); known != places_.end()) return known->second;
    const std::string file = (folder_ / name).string();
    std::error_code error;
    if (std::filesystem::exists(file, error) && !std::filesystem::is_regular_file(file, error))
        return at_line(line, name, {.found = "no file of bytes", .expected = "a PNG or JPEG file"});
    const auto bytes = base::read_file(file);
    if (!bytes) return at_line(line, name, bytes.error().front());
    const auto image = decode_image(*bytes, file);
    if (!image) return at_line(line, name, image.error().front());
    if (const auto added = add(*image, name, line); !added) return base::failure(added.error());
    const auto index = static_cast<std::uint32_t>(files_.size());
    files_.push_back(name);
    return places_[name] = index;
}

tl::unexpected<base::Diagnostics> Gallery::at_line(int line, const std::string& name,
                                                   const base::Diagnostic& reason) const {
    return base::failure(base::Diagnostics{{.file = manifest_,
                                            .line = line,
                                            .found = "image " + base::quoted(name) + ": " + reason.found,
                                            .expected = reason.expected}});
}

base::Status Gallery::add(const DecodedImage& image, const std::string& name, int line) {
    const auto complain = [&](std::string found, std::string expected) {
        return at_line(line, name, {.found = std::move(found), .expected = std::move(expected)});
    };
    const std::string size = fmt::format("{} x {} x {}", image.channels, image.height, image.width);
    if (files_.empty()) {
        if (image.height < least_image_side || image.width < least_image_side)
            return complain(size, fmt::format("at least {0} x {0} pixels", least_image_side));
        images_.channels = image.channels;
        images_.height = image.height;
        images_.width = image.width;
    } else if (image.channels != images_.channels || image.height != images_.height ||
               image.width != images_.width) {
        return complain(size + " (channels x height x width)",
                        fmt::format("{} x {} x {} as {}, the first image", images_.channels, images_.height,
                                    images_.width, base::quoted(files_.front())));
    }
    if (images_.pixels.size() + image.pixels.size() > most_pixels)
        return complain("more than 4 GiB of pixels", "fewer or smaller images");
    images_.pixels.insert(images_.pixels.end(), image.pixels.begin(), image.pixels.end());
    images_.labels.push_back(0);
    return {};
}

} // namespace ropewalk::datasets
