// Where the tests find things; only places.cpp knows, so that other files compile alike in every folder.
#pragma once

#include <string>

namespace ropewalk {

std::string source_dir(); ///< of the repository
std::string binary();     ///< the ropewalk command
std::string python();     ///< python3; empty: none

} // namespace ropewalk
