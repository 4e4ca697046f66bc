// IDX files, the format of MNIST and its kin.
#pragma once

#include <string>

#include "ropewalk/images/datasets/images.hpp"

namespace ropewalk::datasets {

/// A pair of IDX files, plain or gzip: images of unsigned bytes (magic number 0x00000803) and labels 0..9
/// (0x00000801), which become 1..10. Fails when a file is missing, damaged, of another kind, cut short or too
/// long, when there are not as many labels as images, or when a label is out of range.
base::Result<Images> read_idx(const std::string& image_file, const std::string& label_file);

/// The four files of MNIST in `folder`, named as on its site, with or without ".gz".
base::Result<Dataset> read_mnist(const std::string& folder);

} // namespace ropewalk::datasets
