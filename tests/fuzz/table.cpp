// CSV: columns of a table that is read have as many numbers as there are rows, all finite.
#include <cmath>

#include "ropewalk/formulas/table/table.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ropewalk;
    if (size == 0) return 0;
    const formula::TableOptions options{.target = {},
                                        .inputs = {},
                                        .separator = 0,
                                        .units = (data[0] & 1) != 0,
                                        .skip_missing = (data[0] & 2) != 0};
    const auto table = formula::parse_table(fuzz::text_of(data + 1, size - 1), "fuzz", options);
    if (!table) return fuzz::refused(table.error());
    fuzz::holds(table->problem.columns.size() == table->names.size(), "every input has a name");
    for (const auto& column : table->problem.columns) {
        fuzz::holds(column.size() == table->problem.target.size(), "columns are as long as the target");
        for (const double value : column) fuzz::holds(std::isfinite(value), "numbers are finite");
    }
    return 0;
}
