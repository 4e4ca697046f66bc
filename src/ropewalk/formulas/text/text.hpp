// text: formulas as text, for people, for other programs, and back. The only header other rooms include from
// here.
#pragma once

#include "ropewalk/formulas/text/notation.hpp"
#include "ropewalk/formulas/text/written_text.hpp"
