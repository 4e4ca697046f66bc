#include "ropewalk/formulas/table/column_writing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ropewalk/formulas/table/columns.hpp"

namespace ropewalk::formula {

void ColumnWriting::plain(double number, const RowPlace& place, std::string_view text) {
    compare("", false, number, place, text);
}

void ColumnWriting::written(const Writing& writing, double number, const RowPlace& place, std::string_view text) {
    compare(writing.currency, writing.percent, number, place, text);
    ++count_;
    all_.percent = all_.percent || writing.percent;
    all_.hard_blanks = all_.hard_blanks || writing.hard_blanks;
    all_.long_minus = all_.long_minus || writing.long_minus;
    all_.d_exponent = all_.d_exponent || writing.d_exponent;
    if (all_.currency.empty()) all_.currency = writing.currency;
}

void ColumnWriting::compare(const std::string& currency, bool percent, double number, const RowPlace& place,
                            std::string_view text) {
    std::string words;
    if (!currency.empty() && !all_.currency.empty() && currency != all_.currency)
        words = fmt::format("'{}' and '{}'", all_.currency, currency);
    if ((!currency.empty() && all_.percent) || (percent && !all_.currency.empty()))
        words = fmt::format("'{}' and '%'", currency.empty() ? all_.currency : currency);
    // 0 is 0 in per cent, too.
    if (number != 0 && ((percent && any_without_percent_) || (!percent && all_.percent && currency.empty())))
        words = "numbers with '%' and without";
    if (!percent && number != 0) any_without_percent_ = true;
    if (!mix_ && !words.empty())
        mix_ = Mix{place.line, place.source_line, std::string(text.substr(0, 200)), std::move(words)};
}

std::string ColumnWriting::words() const {
    std::vector<std::string> out;
    if (!all_.currency.empty()) out.push_back(fmt::format("'{}' is left out", all_.currency));
    if (all_.percent) out.emplace_back("'%' is left out, so that its numbers are in per cent");
    if (all_.hard_blanks) out.emplace_back("no-break and thin spaces are left out");
    if (all_.long_minus) out.emplace_back("the minus sign U+2212 is read as -");
    if (all_.d_exponent) out.emplace_back("exponents with D are read as with E");
    return fmt::format("{}", fmt::join(out, "; "));
}

void leave_out_mixed_writing(Columns& columns, std::vector<std::string>& notes) {
    for (Column& column : columns.all)
        if (const auto& mix = column.writing.mix(); mix && column.used && !column.named && !column.is_text) {
            column.used = false;
            notes.push_back(fmt::format("column {} is left out: it mixes {}, {} on line {}", base::quoted(column.name), mix->words,
                                        base::quoted(mix->text), mix->line));
        }
}

void note_writing(const Columns& columns, std::vector<std::string>& notes) {
    for (const Column& column : columns.all)
        if (column.used && !column.is_text && column.writing.count() > 0)
            notes.push_back(fmt::format("column {}: {}", base::quoted(column.name), column.writing.words()));
}

} // namespace ropewalk::formula
