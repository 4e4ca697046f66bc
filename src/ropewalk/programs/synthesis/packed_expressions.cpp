#include "ropewalk/programs/synthesis/packed_expressions.hpp"

namespace ropewalk::synthesis {

using functional::Expression;

namespace {

constexpr unsigned payload = 7;
constexpr std::uint8_t more = 1u << payload;

} // namespace

std::uint32_t PackedExpressions::add(const Expression& expression) {
    const auto place = static_cast<std::uint32_t>(bytes_.size());
    write(expression);
    return place;
}

Expression PackedExpressions::operator[](std::uint32_t place) const {
    std::size_t at = place;
    return read(at);
}

/// The operator, how many arguments, the number with its sign in the last bit and seven bits a byte, the arguments.
void PackedExpressions::write(const Expression& expression) {
    bytes_.push_back(static_cast<std::uint8_t>(expression.op));
    bytes_.push_back(static_cast<std::uint8_t>(expression.arguments.size()));
    auto number = static_cast<std::uint64_t>(expression.number) << 1 ^ static_cast<std::uint64_t>(expression.number >> 63);
    for (; number >= more; number >>= payload) bytes_.push_back(static_cast<std::uint8_t>(number % more | more));
    bytes_.push_back(static_cast<std::uint8_t>(number));
    for (const Expression& each : expression.arguments) write(each);
}

Expression PackedExpressions::read(std::size_t& at) const {
    Expression expression{.op = static_cast<functional::Operator>(bytes_[at]), .arguments = {}};
    const std::size_t arguments = bytes_[at + 1];
    at += 2;
    std::uint64_t number = 0;
    unsigned shift = 0;
    for (; bytes_[at] >= more; ++at, shift += payload) number |= std::uint64_t{bytes_[at]} % more << shift;
    number |= std::uint64_t{bytes_[at++]} << shift;
    expression.number = static_cast<std::int64_t>(number >> 1 ^ (0 - (number & 1)));
    for (std::size_t i = 0; i < arguments; ++i) expression.arguments.push_back(read(at));
    return expression;
}

} // namespace ropewalk::synthesis
