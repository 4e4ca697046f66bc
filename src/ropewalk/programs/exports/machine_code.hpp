#pragma once

namespace ropewalk::exports {

/// What is the same in every exported machine: declarations of machine.h, functions of machine.c, its self-test, and
/// functions of machine.py. They follow machine/kernels/reference step by step.
extern const char *const machine_c_declarations, *const machine_c_functions, *const machine_c_self_test,
    *const machine_python_functions;

} // namespace ropewalk::exports
