// The binary version of CIFAR-10.
#pragma once

#include <string>

#include "ropewalk/images/datasets/images.hpp"

namespace ropewalk::datasets {

/// One file of CIFAR-10's binary version: records of a label 0..9 (which becomes 1..10) and 3 x 32 x 32
/// bytes. Fails when it is missing, cut short, empty, or has a label out of range.
base::Result<Images> read_cifar10_file(const std::string& file);

/// data_batch_1.bin .. data_batch_5.bin and test_batch.bin, in `folder` or in cifar-10-batches-bin below it.
base::Result<Dataset> read_cifar10(const std::string& folder);

} // namespace ropewalk::datasets
