// Where the tests find things, and what was built; only places.cpp knows, so that other files compile alike in every folder.
#pragma once

#include <string>

namespace ropewalk {

std::string source_dir(); ///< of the repository
std::string binary();     ///< the ropewalk command
std::string python();     ///< python3; empty: none
bool has_libtorch();      ///< whether networks were built, which images are read by

} // namespace ropewalk
