#pragma once

#include "ropewalk/programs/functional/program.hpp"

namespace ropewalk::functional {

/// A program of the given parameters and type, drawn operator by operator; `depth` bounds how deep its calls are.
Program random_program(std::vector<Parameter> parameters, values::Type result, int depth, base::RandomStream& random);

/// A value of the type: numbers of -20..20, now and then large ones; lists of 0 to 8 elements.
values::Value random_value(values::Type type, base::RandomStream& random);

} // namespace ropewalk::functional
