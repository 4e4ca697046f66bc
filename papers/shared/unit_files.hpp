// Units of an experiment that are not finished, each in a file beside the state file.
#pragma once

#include <string>
#include <vector>

namespace ropewalk::papers {

/// Where a unit is kept while it is worked on; empty where the state is kept nowhere.
std::string unit_file(const std::string& state_file, const std::string& unit);

/// The files of units that are there.
std::vector<std::string> unit_files(const std::string& state_file);

/// Removes the state and the units of an earlier run.
void start_over(const std::string& state_file);

} // namespace ropewalk::papers
