#pragma once

namespace ropewalk::exports {

/// What stands before `solve` in every C file: lists, the memory they live in, and the operators.
extern const char* const c_runtime;

} // namespace ropewalk::exports
