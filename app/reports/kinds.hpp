// One function for each kind of record; reports.cpp chooses.
#pragma once

#include "app/reports/page.hpp"
#include "app/reports/record.hpp"
#include "ropewalk/programs/machine/machine.hpp"

namespace ropewalk::cli {

Page formula_page(const Json& record);
Page list_program_page(const Json& record);
Page program_page(const Json& record, const std::string& folder);
Page perceive_page(const Json& record, const std::string& folder);

/// Tables that `reproduce` left in a folder.
base::Result<Page> tables_page(const std::string& folder);

/// Where the instruction register is at every step, as a picture; rows are lines, columns are steps.
std::string instruction_register_figure(const machine::Trace& trace);

} // namespace ropewalk::cli
