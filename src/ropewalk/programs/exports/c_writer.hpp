// Expressions as C: values in c_writer.cpp, loops over lists in c_loops.cpp.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "ropewalk/programs/functional/functional.hpp"

namespace ropewalk::exports {

std::string c_type_text(values::Type type);

/// A value as an element of a list, and back.
std::string c_as_element(values::Type type, const std::string& value);
std::string c_from_element(values::Type type, const std::string& element);

/// Writes expressions as statements; every value that is not at hand gets a name.
class CWriter {
public:
    explicit CWriter(const functional::Program& program) : types_(functional::types_of(program)) {
        for (const auto& each : program.parameters) variables_.push_back(safe_name(each.name));
    }

    const std::vector<std::string>& variables() const { return variables_; }

    /// The statements so far.
    std::string text;

    /// Writes what computes the expression, and returns how its value is named.
    std::string value(const functional::Expression& expression);

private:
    using Expression = functional::Expression;
    using Type = values::Type;

    static std::string safe_name(const std::string& name);
    static std::string number_text(std::int64_t number);
    Type type_of(const Expression& expression) const;
    std::string fresh() { return "v" + std::to_string(++names_); }

    void line(const std::string& content) { text += std::string(indent_, ' ') + content + "\n"; }

    std::string named(Type type, const std::string& content);
    /// The same for what may fail.
    std::string checked(Type type, const std::string& content);
    std::string element(const Expression& expression) { return c_as_element(type_of(expression), value(expression)); }

    std::string literal(const Expression& expression);
    std::string room(const std::string& length);
    std::string made(const std::string& at, const std::string& length);
    std::string chosen(const Expression& expression);
    std::string called(const Expression& expression);
    /// Opens a loop over 0..length-1 and gives the name of the place.
    std::string open_loop(const std::string& length, const std::string& from = "0");
    void close_loop();
    /// The function's value, for these parameters.
    std::string body(const Expression& expression, const std::vector<std::string>& parameters);
    std::string loop(const Expression& expression);
    std::string element_at(const Expression& list, const std::string& x, const std::string& place) const;
    static std::string place_value(const std::string& place) { return "(int64_t)" + place; }

    std::string mapped(const Expression& expression, const std::string& x);
    std::string asked(const Expression& expression, const std::string& x);
    std::string kept(const Expression& expression, const std::string& x);
    std::string chosen_by(const Expression& expression, const std::string& x);
    std::string cancelled(const Expression& expression, const std::string& x);
    std::string joined(const Expression& expression, const std::string& x);
    std::string states(const Expression& expression, const std::string& x);
    std::string repeated(const Expression& expression, const std::string& times);

    std::unordered_map<const Expression*, Type> types_;
    std::vector<std::string> variables_;
    std::size_t indent_ = 4;
    int names_ = 0;
};

} // namespace ropewalk::exports
