#include "ropewalk/formulas/sketch/sketch_shape.hpp"

#include "ropewalk/base/random.hpp"

namespace ropewalk::formula {

base::Result<SketchShape> checked(const SketchShape& shape) {
    constexpr int most = 1000;
    if (shape.variables < 1 || shape.variables > most)
        return base::failure("sketch", std::to_string(shape.variables) + " variables", "1 to 1000");
    if (shape.lines < 1 || shape.lines > most)
        return base::failure("sketch", std::to_string(shape.lines) + " lines", "1 to 1000");
    return shape;
}

std::vector<double> random_logits(const SketchShape& shape, double deviation, std::uint64_t seed,
                                  std::uint64_t index) {
    base::RandomStream random(seed, base::Purpose::sketch_start, index);
    std::vector<double> logits(shape.choices());
    for (double& logit : logits) logit = deviation * random.normal();
    return logits;
}

template<class Real>
Program argmax_program(const SketchShape& shape, std::span<const Real> choices) {
    const auto largest = [&](std::size_t begin, int count) {
        int best = -1;
        for (int i = 0; i < count; ++i) {
            const Real value = choices[begin + static_cast<std::size_t>(i)];
            // An entry that is not a number never wins.
            if (best < 0 ? !std::isnan(value) : value > choices[begin + static_cast<std::size_t>(best)]) best = i;
        }
        return best < 0 ? 0 : best;
    };
    Program program{shape.variables, {}, 0};
    for (int l = 0; l < shape.lines; ++l) {
        Line line;
        line.operation = static_cast<Operator>(largest(shape.operator_begin(l), sketch_operators));
        line.left = largest(shape.left_begin(l), shape.operands(l));
        if (line.operation != Operator::no_operation)
            line.right = largest(shape.right_begin(l), shape.operands(l));
        program.lines.push_back(line);
    }
    return program;
}

template Program argmax_program<float>(const SketchShape&, std::span<const float>);
template Program argmax_program<double>(const SketchShape&, std::span<const double>);

base::Result<std::vector<double>> one_hot(const SketchShape& shape, const Program& program) {
    if (const auto fits = checked(shape); !fits) return tl::make_unexpected(fits.error());
    if (!valid(program) || program.variables != shape.variables)
        return base::failure("program", "operands or variables that do not fit the sketch",
                             "a valid program over " + std::to_string(shape.variables) + " variables");
    if (static_cast<int>(program.lines.size()) > shape.lines)
        return base::failure("program", std::to_string(program.lines.size()) + " lines",
                             "at most the sketch's " + std::to_string(shape.lines));
    std::vector<double> choices(shape.choices(), 0.0);
    int result = program.result_variable;
    for (int l = 0; l < shape.lines; ++l) {
        const auto index = static_cast<std::size_t>(l);
        const Line line =
            index < program.lines.size() ? program.lines[index] : Line{Operator::no_operation, result, 0, 0};
        if (static_cast<int>(line.operation) >= sketch_operators)
            return base::failure("program", "operator " + std::string(info(line.operation).name),
                                 "add, subtract, multiply or no_operation");
        choices[shape.operator_begin(l) + static_cast<std::size_t>(line.operation)] = 1;
        choices[shape.left_begin(l) + static_cast<std::size_t>(line.left)] = 1;
        choices[shape.right_begin(l) + static_cast<std::size_t>(line.right)] = 1;
        result = shape.variables + l;
    }
    return choices;
}

} // namespace ropewalk::formula
