#include "errors.hpp"

#include <exception>
#include <string>

#include <nanobind/stl/string.h>

namespace nb = nanobind;

namespace ropewalk::python {

void fail(std::string place, std::string found, std::string expected) {
    throw InputFailure{base::failure(std::move(place), std::move(found), std::move(expected)).value()};
}

namespace {

void raise(const base::Diagnostics& diagnostics) {
    const nb::module_ errors = nb::module_::import_("ropewalk.errors");
    nb::list reasons;
    for (const base::Diagnostic& each : diagnostics)
        reasons.append(
            errors.attr("Diagnostic")(each.file, each.line, each.column, each.found, each.expected));
    std::string text = base::render(diagnostics);
    while (text.ends_with('\n')) text.pop_back();
    const nb::object error = errors.attr("InputError")(text, nb::tuple(reasons));
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.ptr())), error.ptr());
}

void translate(const std::exception_ptr& thrown, void*) {
    try {
        std::rethrow_exception(thrown);
    } catch (const InputFailure& failure) {
        raise(failure.diagnostics);
    } catch (const Interrupted&) {
        PyErr_SetNone(PyExc_KeyboardInterrupt);
    }
}

} // namespace

void bind_errors(nb::module_&) { nb::register_exception_translator(translate); }

} // namespace ropewalk::python
