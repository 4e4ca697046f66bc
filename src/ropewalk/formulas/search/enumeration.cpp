#include "ropewalk/formulas/search/enumeration.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "ropewalk/formulas/search/field.hpp"

namespace ropewalk::formula {

namespace {

/// A bijective mixing of 64 bits (Steele, Lea & Flood 2014).
std::uint64_t mixed(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
    return bits ^ (bits >> 31);
}

/// A fixed random function on the field, one per operator.
std::uint64_t opaque(Operator operation, std::uint64_t left, std::uint64_t right = 0) {
    const std::uint64_t salt = 0x9e3779b97f4a7c15u * (static_cast<std::uint64_t>(operation) + 1);
    return mixed(mixed(left + salt) ^ (right * 0xd6e8feb86659fd93u + salt)) % field::prime;
}

std::uint64_t binary(Operator operation, std::uint64_t left, std::uint64_t right,
                     std::uint64_t right_inverse) {
    switch (operation) {
    case Operator::add: return field::add(left, right);
    case Operator::subtract: return field::subtract(left, right);
    case Operator::multiply: return field::multiply(left, right);
    case Operator::divide: return field::multiply(left, right_inverse);
    case Operator::power:
    case Operator::modulo:
    case Operator::less: return opaque(operation, left, right);
    default: return left == right ? left : opaque(operation, std::min(left, right), std::max(left, right));
    }
}

std::uint64_t unary(Operator operation, std::uint64_t value, std::uint64_t inverse) {
    switch (operation) {
    case Operator::square: return field::multiply(value, value);
    case Operator::reciprocal: return inverse;
    default: return opaque(operation, value);
    }
}

bool divides(Operator operation) {
    return operation == Operator::divide || operation == Operator::reciprocal;
}

/// The number as an element: numerator times inverse denominator of the binary fraction that it is.
std::uint64_t element(double value) {
    int exponent = 0;
    const double mantissa = std::frexp(value, &exponent);
    const auto whole = static_cast<std::int64_t>(std::ldexp(mantissa, 53));
    const std::uint64_t size = static_cast<std::uint64_t>(whole < 0 ? -whole : whole) % field::prime;
    exponent -= 53;
    const std::uint64_t two_power =
        field::power(2, static_cast<std::uint64_t>(exponent < 0 ? -exponent : exponent));
    const std::uint64_t scaled = field::multiply(size, exponent < 0 ? field::inverse(two_power) : two_power);
    return whole < 0 ? field::subtract(0, scaled) : scaled;
}

} // namespace

Bank::Bank(Alphabet alphabet) : alphabet_(std::move(alphabet)) {
    inverts_ = std::any_of(alphabet_.operators.begin(), alphabet_.operators.end(), divides);
    units_.emplace_back();
    table_.resize(1 << 12);
    level_begin_ = {0};
    std::uint32_t leaf = 0;
    for (; leaf < static_cast<std::uint32_t>(alphabet_.variables); ++leaf) {
        const std::uint32_t unit = alphabet_.units.empty() ? 0 : unit_id(alphabet_.units[leaf]);
        const Fingerprint value{mixed(2 * leaf + 0x5bd1e995u) % field::prime,
                                mixed(2 * leaf + 0x5bd1e996u) % field::prime};
        consider({leaf, 0, Operator::no_operation}, value, unit);
    }
    for (const double number : alphabet_.constants) {
        const std::uint64_t value = element(number);
        consider({leaf++, 0, Operator::no_operation}, {value, value}, 0);
    }
    finish_level();
}

bool Bank::add_level(const LevelLimits& limits) {
    const std::uint32_t before = size();
    const int largest = levels() - 1;
    bool whole = apply_to_level(largest, limits);
    for (int left = 0; left <= largest && whole; ++left) whole = combine_levels(left, largest - left, limits);
    if (whole)
        finish_level();
    else
        forget_from(before);
    return whole;
}

void Bank::drop_last_level() {
    level_begin_.pop_back();
    forget_from(level_begin_.back());
}

void Bank::forget_from(std::uint32_t index) {
    entries_.resize(index);
    values_.resize(index);
    unit_of_entry_.resize(index);
    if (inverts_) inverses_.resize(index);
    for (Slot& slot : table_)
        if (slot.index != empty && slot.index != removed && slot.index >= index) slot.index = removed;
}

void Bank::finish_level() {
    level_begin_.push_back(size());
    if (!inverts_) return;
    for (std::size_t i = inverses_.size(); i < values_.size(); ++i)
        inverses_.push_back({field::inverse(values_[i].first), field::inverse(values_[i].second)});
}

bool Bank::apply_to_level(int level, const LevelLimits& limits) {
    for (const Operator operation : alphabet_.operators) {
        if (info(operation).arity != 1) continue;
        for (std::uint32_t i = level_begin(level); i < level_begin(level + 1); ++i) {
            if (limited(limits)) return false;
            const Fingerprint value = values_[i], inverse = inverts_ ? inverses_[i] : Fingerprint{};
            if (operation == Operator::reciprocal && inverse.first == 0) continue;
            const std::uint32_t unit = unit_id_of(operation, unit_of_entry_[i], 0);
            if (unit == no_unit) continue;
            ++candidates_;
            consider({i, 0, operation},
                     {unary(operation, value.first, inverse.first),
                      unary(operation, value.second, inverse.second)},
                     unit);
        }
    }
    return true;
}

bool Bank::combine_levels(int left_level, int right_level, const LevelLimits& limits) {
    for (const Operator operation : alphabet_.operators) {
        const OperatorInfo& row = info(operation);
        if (row.arity != 2 || (row.commutative && left_level > right_level)) continue;
        for (std::uint32_t left = level_begin(left_level); left < level_begin(left_level + 1); ++left) {
            const bool half = row.commutative && left_level == right_level;
            const std::uint32_t end = level_begin(right_level + 1);
            for (std::uint32_t right = half ? left : level_begin(right_level); right < end; right += batch) {
                if (limited(limits)) return false;
                combine_batch(operation, left, right, std::min(batch, end - right));
            }
        }
    }
    return true;
}

void Bank::combine_batch(Operator operation, std::uint32_t left, std::uint32_t right, std::uint32_t count) {
    std::array<Fingerprint, batch> values;
    const Fingerprint a = values_[left];
    const Fingerprint* const b = &values_[right];
    const Fingerprint* const inverse = operation == Operator::divide ? &inverses_[right] : b;
    for (std::uint32_t k = 0; k < count; ++k) {
        values[k] = {binary(operation, a.first, b[k].first, inverse[k].first),
                     binary(operation, a.second, b[k].second, inverse[k].second)};
        __builtin_prefetch(&table_[home(values[k].first)]);
    }
    const bool with_units = units_.size() > 1;
    for (std::uint32_t k = 0; k < count; ++k) {
        if (operation == Operator::divide && inverse[k].first == 0) continue;
        const std::uint32_t unit =
            with_units ? unit_id_of(operation, unit_of_entry_[left], unit_of_entry_[right + k]) : 0;
        if (unit == no_unit) continue;
        ++candidates_;
        consider({left, right + k, operation}, values[k], unit);
    }
}

void Bank::consider(const Entry& entry, Fingerprint value, std::uint32_t unit) {
    const auto second = static_cast<std::uint32_t>(value.second);
    const std::size_t mask = table_.size() - 1;
    std::size_t at = home(value.first);
    for (; table_[at].index != empty; at = (at + 1) & mask)
        if (table_[at].first == value.first && table_[at].second == second) return;
    table_[at] = {value.first, second, size()};
    entries_.push_back(entry);
    values_.push_back(value);
    unit_of_entry_.push_back(unit);
    if (++known_ * 2 > table_.size()) grow_table();
}

std::size_t Bank::home(std::uint64_t first) const {
    return (first * 0x9e3779b97f4a7c15u) >> (64 - std::bit_width(table_.size() - 1));
}

void Bank::grow_table() {
    std::vector<Slot> old(table_.size() * 2);
    old.swap(table_);
    const std::size_t mask = table_.size() - 1;
    for (const Slot& slot : old) {
        if (slot.index == empty) continue;
        std::size_t at = home(slot.first);
        while (table_[at].index != empty) at = (at + 1) & mask;
        table_[at] = slot;
    }
}

void Bank::keep_of_last_level(const std::vector<char>& keep) {
    const std::uint32_t begin = level_begin_[level_begin_.size() - 2];
    std::vector<std::uint32_t> moved(keep.size(), removed);
    std::uint32_t next = begin;
    for (std::uint32_t i = 0; i < keep.size(); ++i) {
        if (keep[i] == 0) continue;
        moved[i] = next;
        entries_[next] = entries_[begin + i];
        values_[next] = values_[begin + i];
        unit_of_entry_[next] = unit_of_entry_[begin + i];
        if (inverts_) inverses_[next] = inverses_[begin + i];
        ++next;
    }
    for (Slot& slot : table_)
        if (slot.index != empty && slot.index != removed && slot.index >= begin)
            slot.index = moved[slot.index - begin];
    entries_.resize(next);
    values_.resize(next);
    unit_of_entry_.resize(next);
    if (inverts_) inverses_.resize(next);
    level_begin_.back() = next;
}

bool Bank::limited(const LevelLimits& limits) {
    if (size() > limits.entries) return true;
    if (candidates_ - asked_at_ < 4096) return false;
    asked_at_ = candidates_;
    return limits.stop();
}

std::uint32_t Bank::unit_id(const Unit& unit) {
    const auto known = std::find(units_.begin(), units_.end(), unit);
    if (known == units_.end()) units_.push_back(unit);
    return static_cast<std::uint32_t>(std::find(units_.begin(), units_.end(), unit) - units_.begin());
}

std::uint32_t Bank::unit_id_of(Operator operation, std::uint32_t left_unit, std::uint32_t right_unit) {
    if (alphabet_.units.empty()) return 0;
    const auto [place, fresh] = unit_results_.try_emplace({operation, left_unit, right_unit}, no_unit);
    if (fresh)
        if (const auto unit = unit_of(operation, units_[left_unit], units_[right_unit]))
            place->second = unit_id(*unit);
    return place->second;
}

Program Bank::program(std::uint32_t index) const {
    Program whole{alphabet_.variables, {}, 0};
    std::map<std::uint32_t, int> slot_of;
    const auto build = [&](const auto& self, std::uint32_t at) -> int {
        const Entry& entry = entries_[at];
        if (entry.operation == Operator::no_operation) {
            const int leaf = static_cast<int>(entry.left);
            if (leaf < alphabet_.variables) return leaf;
        }
        if (const auto known = slot_of.find(at); known != slot_of.end()) return known->second;
        Line line{entry.operation, 0, 0, 0};
        if (entry.operation == Operator::no_operation) {
            line.operation = Operator::constant;
            line.value = alphabet_.constants[entry.left - static_cast<std::uint32_t>(alphabet_.variables)];
        } else {
            line.left = self(self, entry.left);
            if (info(entry.operation).arity == 2) line.right = self(self, entry.right);
        }
        whole.lines.push_back(line);
        return slot_of[at] = whole.slots() - 1;
    };
    const int result = build(build, index);
    if (result < alphabet_.variables) whole.result_variable = result;
    return whole;
}

} // namespace ropewalk::formula
