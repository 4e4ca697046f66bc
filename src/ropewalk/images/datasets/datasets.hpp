// datasets: labelled images from files and from our own pen, and their pixels as a network takes them. The
// only header other rooms include from here.
#pragma once

#include "ropewalk/images/datasets/cifar10.hpp"
#include "ropewalk/images/datasets/gallery.hpp"
#include "ropewalk/images/datasets/glyphs.hpp"
#include "ropewalk/images/datasets/gunzip.hpp"
#include "ropewalk/images/datasets/idx.hpp"
#include "ropewalk/images/datasets/image_file.hpp"
#include "ropewalk/images/datasets/images.hpp"
#include "ropewalk/images/datasets/picture.hpp"
#include "ropewalk/images/datasets/pixels.hpp"
