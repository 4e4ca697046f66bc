// perception: images and tasks, networks that read images, and measures of both. The only header
// other rooms include from here.
#pragma once

#include "ropewalk/perception/batch.hpp"
#include "ropewalk/perception/engine.hpp"
#include "ropewalk/perception/generalisation.hpp"
#include "ropewalk/perception/given.hpp"
#include "ropewalk/perception/given_judge.hpp"
#include "ropewalk/perception/judge.hpp"
#include "ropewalk/perception/judged_rows.hpp"
#include "ropewalk/perception/letter_likelihood.hpp"
#include "ropewalk/perception/manifest.hpp"
#include "ropewalk/perception/problem.hpp"
#include "ropewalk/perception/program_code.hpp"
#include "ropewalk/perception/proposer.hpp"
#include "ropewalk/perception/rates.hpp"
#include "ropewalk/perception/roap_engine.hpp"
#include "ropewalk/perception/tensors.hpp"
