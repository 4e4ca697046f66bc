// Reasons why there is no value, as `ropewalk.InputError`.
#pragma once

#include <utility>

#include <nanobind/nanobind.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::python {

/// Becomes `ropewalk.InputError` where it leaves the module.
struct InputFailure {
    base::Diagnostics diagnostics;
};

/// Thrown by work that was asked to end and has nothing to show; becomes KeyboardInterrupt.
struct Interrupted {};

/// The value, or an InputFailure with every reason why there is none. Needs no lock of Python's.
template<class T>
T value_of(base::Result<T> result) {
    if (!result) throw InputFailure{std::move(result.error())};
    return std::move(*result);
}

inline void value_of(const base::Status& status) {
    if (!status) throw InputFailure{status.error()};
}

[[noreturn]] void fail(std::string place, std::string found, std::string expected);

void bind_errors(nanobind::module_& module);

} // namespace ropewalk::python
