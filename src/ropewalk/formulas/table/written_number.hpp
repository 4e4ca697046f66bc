// Numbers as people write them: with signs of currencies, per cent, blanks between thousands.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ropewalk::formula {

/// What stands beside the digits of a number.
struct Writing {
    std::string currency;     ///< $, the signs of euro, pound and yen, or nothing
    bool percent = false;
    bool hard_blanks = false; ///< no-break and thin spaces around it or between thousands
    bool long_minus = false;  ///< U+2212
    bool d_exponent = false;  ///< as Fortran writes it: 1.5D+03
};

struct WrittenNumber {
    std::string plain; ///< what is left of it
    Writing writing;
};

/// A field without what people write beside numbers; nothing where it has none of that, or something else as well.
/// Whether a number is left is for cell_of to say.
std::optional<WrittenNumber> plain_number(std::string_view text);

/// Text without blanks at its ends, hard ones among them.
std::string_view without_blanks(std::string_view text);

} // namespace ropewalk::formula
