// Where the examples of a file stand: its statements and their parts, each with its place.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ropewalk::synthesis {

/// A part of the text of a file, and the byte at which it starts there.
struct Piece {
    std::string_view text;
    std::size_t at = 0;
};

/// What is wrong at one byte of a file.
struct Fault {
    std::size_t at;
    std::string found, expected;
};

/// The text with ASCII letters in small ones.
std::string in_small_letters(std::string_view text);

/// The text as JSON writes values, byte for byte as long, so that places stay: comments (`#` and `//` outside of quotes) are
/// blanks, True, FALSE and None the words of JSON, and single quotes double ones where what they hold stays as it is.
std::string as_json(std::string_view text);

/// The text up to an end of line outside of brackets, without white space at its ends and a comma behind it.
struct Statement {
    Piece piece;
    bool comma = false;         ///< whether there was one
    std::optional<Fault> fault; ///< a bracket or quote without its other half; the statement then ends anywhere
};

/// The statements of a text that `as_json` gave. They end with the first whose brackets do not close, unless it is an object
/// whose line shows where it ends.
std::vector<Statement> statements_of(std::string_view text);

/// The parts between commas; those inside of brackets and quotes part nothing.
std::vector<Piece> parts_of(Piece text);

/// The elements of a list. `list` is JSON.
std::vector<Piece> elements_of(Piece list);

struct Member {
    Piece key, value;
};

/// The members of an object, in their order. `object` is JSON.
std::vector<Member> members_of(Piece object);

/// The arrows `->`, `-->`, `=>` and U+2192 of a text outside of brackets and quotes.
std::vector<Piece> arrows_of(Piece text);

/// The first byte that begins no character of UTF-8.
std::optional<Fault> encoding_fault(Piece text);

/// Where a text stops being JSON, with what would help there; `whole` is what all of it was to be, a value unless it is given.
std::optional<Fault> syntax_fault(Piece text);
std::optional<Fault> syntax_fault(Piece text, const char* whole);

/// What an example may look like, for messages.
constexpr const char* example_forms = "an example such as {\"in\": [3,1,2], \"out\": [1,2,3]} or [3,1,2] -> [1,2,3]";

} // namespace ropewalk::synthesis
