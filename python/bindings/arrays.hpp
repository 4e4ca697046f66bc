// NumPy's arrays as columns and back.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <nanobind/ndarray.h>

namespace ropewalk::python {

/// Rows by columns, of any strides; other types of numbers are not converted.
using Matrix = nanobind::ndarray<const double, nanobind::ndim<2>, nanobind::device::cpu>;
using Column = nanobind::ndarray<const double, nanobind::ndim<1>, nanobind::device::cpu>;
using Numbers = nanobind::ndarray<nanobind::numpy, double, nanobind::ndim<1>>;

inline std::vector<double> values_of(const Column& column) {
    std::vector<double> values(column.shape(0));
    for (std::size_t row = 0; row < values.size(); ++row) values[row] = column(row);
    return values;
}

inline std::vector<std::vector<double>> columns_of(const Matrix& matrix) {
    std::vector<std::vector<double>> columns(matrix.shape(1), std::vector<double>(matrix.shape(0)));
    for (std::size_t v = 0; v < columns.size(); ++v)
        for (std::size_t row = 0; row < matrix.shape(0); ++row) columns[v][row] = matrix(row, v);
    return columns;
}

/// An array that takes the values over without a copy.
template<class T>
nanobind::ndarray<nanobind::numpy, T> array_of(std::vector<T> values, std::vector<std::size_t> shape) {
    auto held = std::make_unique<std::vector<T>>(std::move(values));
    T* const data = held->data();
    const nanobind::capsule owner(held.release(),
                                  [](void* each) noexcept { delete static_cast<std::vector<T>*>(each); });
    return {data, shape.size(), shape.data(), owner};
}

} // namespace ropewalk::python
