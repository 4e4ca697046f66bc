#include "ropewalk/base/settings.hpp"

#include <fmt/format.h>

namespace ropewalk::base {

std::string number_text(double value) { return fmt::format("{}", value); }

std::string number_text(std::int64_t value) { return fmt::format("{}", value); }

std::string number_text(std::uint64_t value) { return fmt::format("{}", value); }

} // namespace ropewalk::base
