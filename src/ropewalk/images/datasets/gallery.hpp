// Image files that a table or a command names, each read once.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ropewalk/images/datasets/image_file.hpp"
#include "ropewalk/images/datasets/images.hpp"

namespace ropewalk::datasets {

struct GalleryOptions {
    Background background = Background::black;
    /// Pixels of the longer side, to which all pictures are scaled; 0: as they are, but large ones are shrunk
    /// to 64.
    int size = 0;
    std::optional<ImageForm> form; ///< of a run that is there already, in place of the two
};

/// Images of one form in the order in which they are first named. The first one decides the form: its sides,
/// scaled if so asked or if they are large, and colour if any image has colour.
class Gallery {
public:
    /// Files are named relative to the folder of `table`, which may be no file: then they are as they are.
    explicit Gallery(const std::string& table, const GalleryOptions& options = {});

    /// Where the image is among images(); reads it when it is named for the first time. Fails, with table and
    /// line (0: none), on a file that is missing or damaged, an image of another size than the first where
    /// none is scaled, one of less than 8 x 8 pixels, and beyond 4 GiB of pixels.
    base::Result<std::uint32_t> index_of(const std::string& name, int line);

    const ImageForm& form() const { return form_; }

    /// What a person should know: pictures that were scaled, files with flaws, images that look the same.
    std::vector<std::string> notes() const;

    Images images() &&;
    const std::vector<std::string>& files() const { return files_; }

private:
    tl::unexpected<base::Diagnostics> at_line(int line, const std::string& name,
                                              const base::Diagnostic& reason) const;
    std::string file_of(const std::string& name) const;
    base::Status decide_form(const Picture& first, const std::string& name, int line);
    base::Status add(Picture picture, const std::string& name, int line);

    std::string table_;
    std::filesystem::path folder_;
    GalleryOptions options_;
    bool has_form_;
    ImageForm form_;
    int first_height_ = 0, first_width_ = 0; ///< of the first picture, before it was scaled
    std::map<std::string, std::uint32_t> places_;
    std::vector<std::uint8_t> pixels_;
    std::vector<std::string> files_;
    std::vector<std::string> flaws_;
    std::size_t greyed_ = 0; ///< pictures with colour that became grey
};

} // namespace ropewalk::datasets
