#include "app/shared/version.hpp"

namespace ropewalk::cli {

std::string version() { return ROPEWALK_VERSION " (" ROPEWALK_COMMIT ")"; }

} // namespace ropewalk::cli
