#pragma once

#include <string>
#include <vector>

#include "ropewalk/programs/functional/functional.hpp"

namespace ropewalk::synthesis {

/// Arguments and the value that a program must give for them.
struct Example {
    std::vector<values::Value> inputs;
    values::Value output;
};

/// What is known of a program: the names and types of its arguments, the type of its value, and examples.
struct Examples {
    std::vector<functional::Parameter> parameters;
    values::Type result;
    std::vector<Example> rows;
    std::vector<std::string> notes = {}; ///< how a file was read where it may be meant otherwise
};

} // namespace ropewalk::synthesis
