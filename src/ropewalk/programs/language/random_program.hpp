#pragma once

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/language/evaluate.hpp"

namespace ropewalk::language {

/// A well-typed program with about `size` statements that ends within a moderate number of iterations: loops,
/// conditions, computed addresses, functions, several assignments at once. For property tests.
Program random_program(int size, base::RandomStream& random);

} // namespace ropewalk::language
