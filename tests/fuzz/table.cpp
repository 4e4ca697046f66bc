// CSV: a table that is read has inputs and a target with names.
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
    fuzz::holds(!table->names.empty() && !table->target_name.empty(), "columns have names");
    return 0;
}
