// roap: the paper's own method, which trains grounder and synthesizer by gradient descent, and its tables.
// The only header other rooms include from here.
#pragma once

#include "papers/roap/roap_figures.hpp"
#include "papers/roap/roap_judge.hpp"
#include "papers/roap/roap_table1.hpp"
#include "papers/roap/roap_table2.hpp"
#include "papers/roap/roap_training.hpp"
