// What was read of a file of examples so far.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ropewalk/programs/synthesis/example_text.hpp"
#include "ropewalk/programs/values/values.hpp"

namespace ropewalk::synthesis {

/// One example as it stands in the file.
struct ExampleRow {
    std::size_t at = 0; ///< the byte at which it begins
    std::vector<std::pair<std::string, values::Value>> inputs;
    values::Value output;
    /// Written as an example of a machine, and whether it can be one: cells of small numbers, as many before as after.
    bool of_machine = false, in_place = false;
};

/// Takes the examples of a file and what is wrong with it.
class ExampleReading {
public:
    /// Both must live as long as the reading.
    ExampleReading(std::string_view source, const std::string& file);

    std::vector<ExampleRow> rows;
    base::Diagnostics errors;
    std::vector<std::string> notes;
    /// Whether each example is an object on a line of its own, and the file holds nothing else.
    bool one_object_a_line = false;

    /// What is wrong with the line at this byte; not kept where much is wrong already.
    void wrong(std::size_t at, std::string found, std::string expected);
    /// The same with the column, and the line shown.
    void wrong(const Fault& fault);
    /// Of the file as a whole.
    void wrong_file(std::string found, std::string expected);

    /// Says once how something was read that may be meant otherwise.
    void note(const std::string& text);

    /// The line of a byte, from 1.
    int line(std::size_t at) const;

    /// The value that a piece says, or nothing, with an error that says `what` it was to be.
    std::optional<values::Value> value(const Piece& piece, const std::string& what);

    /// False, with an error, where two arguments of the row have one name.
    bool names_differ(const ExampleRow& row);

private:
    static constexpr std::size_t most_errors = 50;
    /// Whether the last of the errors says that there are more.
    bool is_full() const { return errors.size() > most_errors; }
    void add(base::Diagnostic diagnostic);

    std::string_view source_;
    const std::string& file_;
    std::vector<std::size_t> line_starts_;
};

/// The name of an argument that is given by its position.
std::string name_of_argument(std::size_t position, std::size_t count);

} // namespace ropewalk::synthesis
