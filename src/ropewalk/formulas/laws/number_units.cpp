#include "ropewalk/formulas/laws/number_units.hpp"

#include <cmath>
#include <set>
#include <string>

#include "ropewalk/formulas/laws/least_squares.hpp"

namespace ropewalk::formula {

namespace {

/// Exponents of base symbols as sums: of each number's own exponents, then of known ones, one for each symbol.
using Row = std::vector<double>;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

Row sum(Row left, const Row& right, double factor) {
    for (std::size_t k = 0; k < left.size(); ++k) left[k] += factor * right[k];
    return left;
}

/// The units of a program's slots with those of its numbers unknown, and what must be 0 for them to fit.
class Equations {
public:
    Equations(const Program& program, const std::vector<Unit>& units, const Unit& wanted) : program_(program) {
        for (const Unit& unit : units) note(unit);
        note(wanted);
        for (const Line& line : program.lines) numbers_ += line.operation == Operator::constant ? 1 : 0;
        for (const Unit& unit : units) slots_.push_back(row_of(unit));
        for (const Line& line : program.lines) slots_.push_back(row_of(line));
        equal(slots_[static_cast<std::size_t>(program.result())], row_of(wanted));
    }

    /// The units of the numbers, those that `pure` names being pure.
    std::optional<std::vector<Unit>> solved(const std::vector<char>& pure) const {
        constexpr double rounding = 1e-6;
        std::vector<Row> rows = rows_;
        for (std::size_t k = 0; k < numbers_; ++k)
            if (pure[k] != 0) {
                rows.push_back(zero());
                rows.back()[k] = 1;
            }
        const auto count = static_cast<Index>(rows.size()), unknowns = static_cast<Index>(numbers_);
        MatrixXd system(count, unknowns + static_cast<Index>(symbols_.size()));
        for (Index r = 0; r < count; ++r)
            system.row(r) = Eigen::Map<const VectorXd>(rows[static_cast<std::size_t>(r)].data(), system.cols()).transpose();
        const MatrixXd own = system.leftCols(unknowns);
        std::vector<Unit> found(numbers_);
        std::optional<PivotedQr> solver;
        if (unknowns > 0) solver.emplace(own);
        Index place = unknowns;
        for (const std::string& symbol : symbols_) {
            const VectorXd known = -system.col(place++);
            const VectorXd exponents = solver ? solver->solve(known) : VectorXd();
            if (!((own * exponents - known).cwiseAbs().maxCoeff() < rounding)) return std::nullopt;
            for (Index k = 0; k < unknowns; ++k) {
                const double sixtieths = 60 * exponents[k];
                if (std::abs(sixtieths - std::round(sixtieths)) > 60 * rounding) return std::nullopt;
                if (std::round(sixtieths) != 0)
                    found[static_cast<std::size_t>(k)].sixtieths[symbol] = static_cast<int>(std::lround(sixtieths));
            }
        }
        return found;
    }

private:
    void note(const Unit& unit) {
        for (const auto& [symbol, sixtieths] : unit.sixtieths) symbols_.insert(symbol);
    }
    Row zero() const { return Row(numbers_ + symbols_.size(), 0.0); }
    Row row_of(const Unit& unit) const {
        Row row = zero();
        std::size_t place = numbers_;
        for (const std::string& symbol : symbols_) {
            const auto found = unit.sixtieths.find(symbol);
            if (found != unit.sixtieths.end()) row[place] = found->second / 60.0;
            ++place;
        }
        return row;
    }
    void equal(const Row& left, const Row& right) { rows_.push_back(sum(left, right, -1)); }
    void pure(const Row& row) { rows_.push_back(row); }

    /// The number that a slot holds, if it holds one.
    std::optional<double> number_in(int slot) const {
        const int line = slot - program_.variables;
        if (line < 0 || program_.lines[static_cast<std::size_t>(line)].operation != Operator::constant)
            return std::nullopt;
        return program_.lines[static_cast<std::size_t>(line)].value;
    }

    Row row_of(const Line& line) {
        using enum Operator;
        const Row left = line.operation == constant ? zero() : slots_[static_cast<std::size_t>(line.left)];
        const Row right = info(line.operation).arity == 2 ? slots_[static_cast<std::size_t>(line.right)] : zero();
        Row row = zero();
        switch (line.operation) {
        case constant: row[next_number_++] = 1; return row;
        case no_operation:
        case absolute: return left;
        case add:
        case subtract:
        case minimum:
        case maximum:
        case modulo: equal(left, right); return left;
        case less: equal(left, right); return row;
        case multiply: return sum(left, right, 1);
        case divide: return sum(left, right, -1);
        case square: return sum(left, left, 1);
        case reciprocal: return sum(row, left, -1);
        case square_root: return sum(row, left, 0.5);
        case power:
            pure(right);
            if (const auto exponent = number_in(line.right)) return sum(row, left, *exponent);
            pure(left);
            return row;
        case sign: return row;
        default: pure(left); return row;
        }
    }

    const Program& program_;
    std::set<std::string> symbols_;
    std::size_t numbers_ = 0, next_number_ = 0;
    std::vector<Row> slots_, rows_;
};

} // namespace

std::optional<std::vector<Unit>> number_units(const Program& program, const std::vector<Unit>& units,
                                              const Unit& wanted) {
    const Equations equations(program, units, wanted);
    std::vector<char> structural, none;
    for (const Line& line : program.lines)
        if (line.operation == Operator::constant) {
            structural.push_back(line.value == 0 || std::abs(line.value) == 1 ? 1 : 0);
            none.push_back(0);
        }
    const auto found = equations.solved(structural);
    return found ? found : equations.solved(none);
}

} // namespace ropewalk::formula
