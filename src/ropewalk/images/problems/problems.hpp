// problems: images with tasks on them, drawn, given or read from a manifest, and batches of their rows. The
// only header other rooms include from here.
#pragma once

#include "ropewalk/images/problems/batch.hpp"
#include "ropewalk/images/problems/given.hpp"
#include "ropewalk/images/problems/image_rows.hpp"
#include "ropewalk/images/problems/manifest.hpp"
#include "ropewalk/images/problems/problem.hpp"
#include "ropewalk/images/problems/step_parts.hpp"
