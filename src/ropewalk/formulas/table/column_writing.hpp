// How the numbers of a column are written, and what a person should know of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ropewalk/formulas/table/written_number.hpp"

namespace ropewalk::formula {

struct Column;
struct Columns;
struct RowPlace;

/// What the numbers of a column have beside their digits, taken together.
class ColumnWriting {
public:
    /// A number that has nothing beside its digits.
    void plain(double number, const RowPlace& place, std::string_view text);
    void written(const Writing& writing, double number, const RowPlace& place, std::string_view text);

    std::size_t count() const { return count_; } ///< numbers with something beside their digits
    /// What is left out of the numbers, as words; empty where nothing is.
    std::string words() const;

    /// Where the column mixes what cannot be compared.
    struct Mix {
        int line = 0;
        std::string_view source_line; ///< of a row on one line
        std::string text, words;      ///< the field, and both writings
    };
    const std::optional<Mix>& mix() const { return mix_; }

private:
    void compare(const std::string& currency, bool percent, double number, const RowPlace& place, std::string_view text);

    Writing all_;
    std::size_t count_ = 0;
    bool any_without_percent_ = false;
    std::optional<Mix> mix_;
};

/// Notes on the columns that are used, and columns left out, unless an option names them, as their numbers do not compare.
void leave_out_mixed_writing(Columns& columns, std::vector<std::string>& notes);
void note_writing(const Columns& columns, std::vector<std::string>& notes);

} // namespace ropewalk::formula
