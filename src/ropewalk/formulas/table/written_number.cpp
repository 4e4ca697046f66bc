#include "ropewalk/formulas/table/written_number.hpp"

#include <algorithm>
#include <array>

namespace ropewalk::formula {

namespace {

constexpr std::array<std::string_view, 4> hard_blanks{"\u00a0", "\u2007", "\u2009", "\u202f"};
constexpr std::array<std::string_view, 4> currencies{"$", "€", "£", "¥"};
constexpr std::string_view long_minus = "\u2212";
constexpr char hard_blank = '\x01'; ///< stands for one of them, as no field has it

bool is_digit_of_number(char c) { return c >= '0' && c <= '9'; }

bool may_be_written(std::string_view text) {
    return text.size() <= 100 && std::any_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) >= 0x80 || c == '$' || c == '%' || c == 'D' || c == 'd';
           });
}

/// Takes a number apart from its ends to its digits.
class Peeler {
public:
    explicit Peeler(std::string_view text) {
        for (std::size_t at = 0; at < text.size();) at += take(text.substr(at));
        rest_ = marked_;
    }

    std::optional<WrittenNumber> peeled() {
        strip_blanks();
        sign();
        front_currency();
        sign();
        back();
        const bool digits = !rest_.empty() && (is_digit_of_number(rest_.front()) || rest_.front() == '.');
        if ((!writing_.currency.empty() || writing_.percent) && !digits) return std::nullopt;
        std::string plain = signs_ + std::string(rest_);
        if (plain.find(hard_blank) != std::string::npos && !join_thousands(plain)) return std::nullopt;
        if (digits) take_d_exponent(plain);
        if (!touched()) return std::nullopt;
        return WrittenNumber{std::move(plain), writing_};
    }

private:
    /// Copies one character, hard blanks and the long minus as one byte each; how many bytes it had.
    std::size_t take(std::string_view text) {
        for (const std::string_view each : hard_blanks)
            if (text.starts_with(each)) {
                marked_ += hard_blank;
                return each.size();
            }
        if (text.starts_with(long_minus)) {
            marked_ += '-';
            writing_.long_minus = true;
            return long_minus.size();
        }
        marked_ += text.front();
        return 1;
    }

    void strip_blanks() {
        const auto is_blank = [this](char c) {
            writing_.hard_blanks = writing_.hard_blanks || c == hard_blank;
            return c == ' ' || c == '\t' || c == hard_blank;
        };
        while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
        while (!rest_.empty() && is_blank(rest_.back())) rest_.remove_suffix(1);
    }

    /// A sign is taken off before a currency or behind it, once.
    void sign() {
        if (!signs_.empty() || rest_.size() < 2 || (rest_.front() != '-' && rest_.front() != '+')) return;
        signs_ = rest_.front();
        rest_.remove_prefix(1);
    }

    void front_currency() {
        for (const std::string_view each : currencies)
            if (rest_.starts_with(each)) {
                writing_.currency = each;
                rest_.remove_prefix(each.size());
                return strip_blanks();
            }
    }

    void back() {
        if (!writing_.currency.empty()) return;
        if (rest_.ends_with('%')) {
            writing_.percent = true;
            rest_.remove_suffix(1);
            return strip_blanks();
        }
        for (const std::string_view each : currencies)
            if (rest_.ends_with(each)) {
                writing_.currency = each;
                rest_.remove_suffix(each.size());
                return strip_blanks();
            }
    }

    /// Takes the blanks out of a number that has three digits between any two of them; false where it is none.
    bool join_thousands(std::string& text) {
        const std::size_t begin = text.find_first_not_of("+-");
        const std::size_t end = std::min(text.find_first_not_of(std::string("0123456789") + hard_blank, begin), text.size());
        std::size_t first = text.find(hard_blank);
        if (first < begin + 1 || first > begin + 3 || first >= end) return false;
        for (std::size_t at = first; at < end; at += 4)
            if (text[at] != hard_blank || at + 4 > end ||
                !std::all_of(text.begin() + static_cast<long>(at) + 1, text.begin() + static_cast<long>(at) + 4, is_digit_of_number))
                return false;
        std::erase(text, hard_blank);
        writing_.hard_blanks = true;
        return true;
    }

    /// A letter between digits may be a name, such as a seat's: a point before it or a sign behind it tells a number.
    void take_d_exponent(std::string& text) {
        const std::size_t d = text.find_first_of("Dd");
        if (d == std::string::npos || d + 1 >= text.size()) return;
        const bool has_sign = text[d + 1] == '+' || text[d + 1] == '-';
        if ((!has_sign && text.find('.') > d) || text.find_first_not_of("0123456789", d + 1 + (has_sign ? 1 : 0)) != std::string::npos)
            return;
        text[d] = 'e';
        writing_.d_exponent = true;
    }

    bool touched() const {
        return !writing_.currency.empty() || writing_.percent || writing_.hard_blanks || writing_.long_minus || writing_.d_exponent;
    }

    std::string marked_, signs_;
    std::string_view rest_;
    Writing writing_;
};

} // namespace

std::optional<WrittenNumber> plain_number(std::string_view text) {
    return may_be_written(text) ? Peeler(text).peeled() : std::nullopt;
}

std::string_view without_blanks(std::string_view text) {
    for (bool more = true; more;) {
        more = false;
        for (const std::string_view each : {std::string_view(" "), std::string_view("\t"), hard_blanks[0], hard_blanks[1], hard_blanks[2], hard_blanks[3]}) {
            if (text.starts_with(each)) text.remove_prefix(each.size()), more = true;
            if (text.ends_with(each)) text.remove_suffix(each.size()), more = true;
        }
    }
    return text;
}

} // namespace ropewalk::formula
