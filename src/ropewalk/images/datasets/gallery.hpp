// Image files that a table names, each read once.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ropewalk/images/datasets/image_file.hpp"
#include "ropewalk/images/datasets/images.hpp"

namespace ropewalk::datasets {

/// The images of a manifest in the order in which they are first named.
class Gallery {
public:
    /// Files are named relative to the folder of `manifest`.
    explicit Gallery(const std::string& manifest);

    /// Where the image is among images(); reads it when it is named for the first time. Fails, with manifest
    /// and line, on a file that is missing or damaged, an image of another size or number of channels than
    /// the first, one of less than 8 x 8 pixels, and beyond 4 GiB of pixels.
    base::Result<std::uint32_t> index_of(const std::string& name, int line);

    Images images() && { return std::move(images_); }
    std::vector<std::string> files() && { return std::move(files_); }

private:
    tl::unexpected<base::Diagnostics> at_line(int line, const std::string& name,
                                              const base::Diagnostic& reason) const;
    base::Status add(const DecodedImage& image, const std::string& name, int line);

    std::string manifest_;
    std::filesystem::path folder_;
    std::map<std::string, std::uint32_t> places_;
    Images images_;
    std::vector<std::string> files_;
};

} // namespace ropewalk::datasets
