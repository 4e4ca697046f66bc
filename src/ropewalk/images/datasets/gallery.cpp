#include "ropewalk/images/datasets/gallery.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace ropewalk::datasets {

namespace {

constexpr std::size_t most_gallery_pixels = std::size_t{1} << 32;
/// Longer side of pictures that are left as they are: networks of this size learn in seconds.
constexpr int large_side = 64;
constexpr std::size_t most_told = 3;

/// The other side of a picture whose longer side becomes `size`.
int shrunk(int side, int longer, int size) {
    return std::max(1, static_cast<int>(std::lround(static_cast<double>(side) * size / longer)));
}

} // namespace

Gallery::Gallery(const std::string& table, const GalleryOptions& options)
    : table_(table), folder_(std::filesystem::path(table).parent_path()), options_(options),
      has_form_(options.form.has_value()), form_(options.form.value_or(ImageForm{})) {
    if (!has_form_) form_.background = options.background;
}

std::string Gallery::file_of(const std::string& name) const {
    return table_.empty() ? name : (folder_ / name).string();
}

base::Result<std::uint32_t> Gallery::index_of(const std::string& name, int line) {
    if (const auto known = places_.find(name); known != places_.end()) return known->second;
    const std::string file = file_of(name);
    std::error_code error;
    if (std::filesystem::exists(file, error) && !std::filesystem::is_regular_file(file, error))
        return at_line(line, name, {.found = "no file of bytes", .expected = "a PNG or JPEG file"});
    const auto bytes = base::read_file(file);
    if (!bytes) {
        base::Diagnostic reason = bytes.error().front();
        std::string slashes = name;
        std::replace(slashes.begin(), slashes.end(), '\\', '/');
        if (slashes != name && std::filesystem::exists(file_of(slashes), error))
            reason.expected = base::quoted(slashes) + ", which exists";
        return at_line(line, name, reason);
    }
    auto picture = decode_image(*bytes, file, form_.background);
    if (!picture) return at_line(line, name, picture.error().front());
    if (!picture->warning.empty()) flaws_.push_back(name + " (" + picture->warning + ")");
    if (auto added = add(std::move(*picture), name, line); !added) return base::failure(added.error());
    const auto index = static_cast<std::uint32_t>(files_.size());
    files_.push_back(name);
    return places_[name] = index;
}

tl::unexpected<base::Diagnostics> Gallery::at_line(int line, const std::string& name,
                                                   const base::Diagnostic& reason) const {
    return base::failure(base::Diagnostics{{.file = table_.empty() ? name : table_,
                                            .line = line,
                                            .found = table_.empty() ? reason.found
                                                                    : "image " + base::quoted(name) + ": " +
                                                                          reason.found,
                                            .expected = reason.expected}});
}

base::Status Gallery::decide_form(const Picture& first, const std::string& name, int line) {
    has_form_ = true;
    const int longer = std::max(first.height, first.width);
    const int size = options_.size > 0 ? options_.size : std::min(longer, large_side);
    form_.channels = first.channels;
    form_.height = size == longer ? first.height : shrunk(first.height, longer, size);
    form_.width = size == longer ? first.width : shrunk(first.width, longer, size);
    form_.scales = options_.size > 0 || size < longer;
    if (std::min(form_.height, form_.width) >= least_image_side) return {};
    return at_line(line, name,
                   {.found = fmt::format("{} x {} x {}", first.channels, form_.height, form_.width),
                    .expected = fmt::format("at least {0} x {0} pixels; setting `size` scales images",
                                            least_image_side)});
}

base::Status Gallery::add(Picture picture, const std::string& name, int line) {
    if (!has_form_)
        if (auto decided = decide_form(picture, name, line); !decided) return decided;
    if (files_.empty()) first_height_ = picture.height, first_width_ = picture.width;
    const bool like_first = picture.height == first_height_ && picture.width == first_width_;
    const bool fits = picture.height == form_.height && picture.width == form_.width;
    const bool may_scale = options_.form ? form_.scales : options_.size > 0 || like_first;
    if (!fits && !may_scale)
        return at_line(line, name,
                       {.found = fmt::format("{} x {} pixels", picture.height, picture.width),
                        .expected = options_.form
                                        ? fmt::format("{} x {}, as the run reads", form_.height, form_.width)
                                        : fmt::format("{} x {} as {}, the first image; setting `size` scales "
                                                      "images to one size",
                                                      first_height_, first_width_,
                                                      base::quoted(files_.front()))});
    picture = scaled(picture, form_.height, form_.width);
    if (picture.channels > form_.channels) {
        if (options_.form) {
            ++greyed_;
        } else {
            // What was grey so far is the same in three colours.
            const auto area = static_cast<std::size_t>(form_.height) * static_cast<std::size_t>(form_.width);
            std::vector<std::uint8_t> wide;
            wide.reserve(3 * pixels_.size());
            for (std::size_t at = 0; at < pixels_.size(); at += area)
                for (int c = 0; c < 3; ++c)
                    wide.insert(wide.end(), pixels_.begin() + static_cast<std::ptrdiff_t>(at),
                                pixels_.begin() + static_cast<std::ptrdiff_t>(at + area));
            pixels_ = std::move(wide);
            form_.channels = picture.channels;
        }
    }
    picture = with_channels(std::move(picture), form_.channels);
    if (pixels_.size() + picture.pixels.size() > most_gallery_pixels)
        return at_line(line, name,
                       {.found = "more than 4 GiB of pixels",
                        .expected = "fewer or smaller images; setting `size` shrinks them"});
    pixels_.insert(pixels_.end(), picture.pixels.begin(), picture.pixels.end());
    return {};
}

std::vector<std::string> Gallery::notes() const {
    std::vector<std::string> notes;
    if (!options_.form && !files_.empty() && options_.size == 0 &&
        (first_height_ != form_.height || first_width_ != form_.width))
        notes.push_back(fmt::format("images of {} x {} pixels are shrunk to {} x {}; setting `size` chooses",
                                    first_height_, first_width_, form_.height, form_.width));
    for (std::size_t i = 0; i < std::min(flaws_.size(), most_told); ++i)
        notes.push_back("a JPEG file with a flaw: " + flaws_[i]);
    if (flaws_.size() > most_told)
        notes.push_back(fmt::format("{} more JPEG files with flaws", flaws_.size() - most_told));
    if (greyed_ > 0) notes.push_back(fmt::format("{} images with colour are read as grey", greyed_));
    const std::size_t size = files_.empty() ? 1 : pixels_.size() / files_.size();
    std::set<std::string_view> different;
    for (std::size_t i = 0; i < files_.size(); ++i)
        different.insert({reinterpret_cast<const char*>(pixels_.data()) + i * size, size});
    if (files_.size() > 1 && different.size() == 1)
        notes.push_back(fmt::format("all {} images look the same; where they are drawn on a transparent ground, "
                                    "setting `background` chooses black or white behind it",
                                    files_.size()));
    else if (files_.size() > different.size())
        notes.push_back(fmt::format("{} of {} image files look like another one", files_.size() - different.size(),
                                    files_.size()));
    return notes;
}

Images Gallery::images() && {
    Images images{form_.channels, form_.height, form_.width, std::move(pixels_), {}};
    images.labels.assign(files_.size(), 0);
    return images;
}

} // namespace ropewalk::datasets
