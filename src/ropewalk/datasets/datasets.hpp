// datasets: labelled images from files and from our own pen, and their pixels as a network takes them. The
// only header other rooms include from here.
#pragma once

#include "ropewalk/datasets/cifar10.hpp"
#include "ropewalk/datasets/gallery.hpp"
#include "ropewalk/datasets/glyphs.hpp"
#include "ropewalk/datasets/idx.hpp"
#include "ropewalk/datasets/image_file.hpp"
#include "ropewalk/datasets/images.hpp"
#include "ropewalk/datasets/pixels.hpp"
