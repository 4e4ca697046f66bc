// perception: images, grounders, and learning to read images and to find formulas at once. The only header
// other rooms include from here.
#pragma once

#include "ropewalk/perception/alphabet.hpp"
#include "ropewalk/perception/batch.hpp"
#include "ropewalk/perception/cifar10.hpp"
#include "ropewalk/perception/decode.hpp"
#include "ropewalk/perception/engine.hpp"
#include "ropewalk/perception/formula_text.hpp"
#include "ropewalk/perception/glyphs.hpp"
#include "ropewalk/perception/idx.hpp"
#include "ropewalk/perception/images.hpp"
#include "ropewalk/perception/judge.hpp"
#include "ropewalk/perception/learn.hpp"
#include "ropewalk/perception/moments.hpp"
#include "ropewalk/perception/monomials.hpp"
#include "ropewalk/perception/posterior.hpp"
#include "ropewalk/perception/problem.hpp"
#include "ropewalk/perception/reading.hpp"
#include "ropewalk/perception/run_folder.hpp"
#include "ropewalk/perception/settings.hpp"
#include "ropewalk/perception/tensors.hpp"
