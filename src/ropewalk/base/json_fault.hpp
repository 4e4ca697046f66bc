// Where a text stops being JSON.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace ropewalk::base {

/// The byte, from 0, of the word or symbol at which a text stops being JSON; its length where the text ends too early.
/// Nothing where all of it is JSON.
std::optional<std::size_t> json_fault(std::string_view text);

} // namespace ropewalk::base
