#include "tests/places.hpp"

namespace ropewalk {

std::string source_dir() { return ROPEWALK_SOURCE_DIR; }
std::string binary() { return ROPEWALK_BINARY; }
std::string python() { return ROPEWALK_PYTHON; }
bool has_libtorch() { return ROPEWALK_LIBTORCH != 0; }

} // namespace ropewalk
