// prediction: a finished run used on new images: letters, outputs, and how many are right. The only header
// other rooms include from here.
#pragma once

#include "ropewalk/images/prediction/evaluate.hpp"
#include "ropewalk/images/prediction/predict.hpp"
#include "ropewalk/images/prediction/reader.hpp"
