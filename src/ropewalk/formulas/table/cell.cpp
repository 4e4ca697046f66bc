#include "ropewalk/formulas/table/cell.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace ropewalk::formula {

namespace {

bool equal_letters(std::string_view text, std::string_view lower) {
    return text.size() == lower.size() &&
           std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Digits with a comma, or with points between groups and a comma, which some countries write.
bool has_decimal_comma(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return text.find(',') != std::string_view::npos && !text.empty() &&
           (is_digit(text.front()) || is_digit(text.back())) &&
           text.find_first_not_of("0123456789,.eE+-") == std::string_view::npos;
}

} // namespace

Cell cell_of(std::string_view text) {
    std::string_view digits = text;
    if (digits.size() > 1 && digits.front() == '+' && (is_digit(digits[1]) || digits[1] == '.'))
        digits.remove_prefix(1);
    Cell value;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value.number);
    if (error == std::errc{} && stop == end && std::isfinite(value.number)) {
        value.kind = CellKind::number;
        return value;
    }
    value.number = std::numeric_limits<double>::quiet_NaN();
    for (const std::string_view missing : {"", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-", ".", "#div/0!", "#value!", "#ref!", "#num!"})
        if (equal_letters(text, missing)) value.kind = CellKind::missing;
    for (const std::string_view yes : {"true"})
        if (equal_letters(text, yes)) return {CellKind::number, 1};
    for (const std::string_view no : {"false"})
        if (equal_letters(text, no)) return {CellKind::number, 0};
    if (stop == end && error == std::errc::result_out_of_range) value.kind = CellKind::out_of_range;
    if (digits.starts_with('+') || digits.starts_with('-')) digits.remove_prefix(1);
    if (equal_letters(digits, "inf") || equal_letters(digits, "infinity")) value.kind = CellKind::infinite;
    if (has_decimal_comma(text)) value.kind = CellKind::decimal_comma;
    return value;
}

double half_unit(std::string_view text) {
    const std::size_t point = text.find('.');
    if (point == std::string_view::npos) return 0;
    const std::size_t exponent = std::min(text.find_first_of("eE"), text.size());
    const auto digits = std::count_if(text.begin(), text.begin() + static_cast<long>(exponent), is_digit);
    if (digits >= 15) return 0;
    double power = 0;
    if (exponent < text.size()) {
        std::string_view shift = text.substr(exponent + 1);
        if (shift.starts_with('+')) shift.remove_prefix(1);
        std::from_chars(shift.data(), shift.data() + shift.size(), power);
    }
    return 0.5 * std::pow(10.0, power - static_cast<double>(exponent - point - 1));
}

} // namespace ropewalk::formula
