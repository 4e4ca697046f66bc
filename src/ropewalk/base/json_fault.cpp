#include "ropewalk/base/json_fault.hpp"

#include <algorithm>
#include <cctype>

#include <nlohmann/json.hpp>

namespace ropewalk::base {
namespace {

/// Takes the events of the parser, keeps none, and notes where it stops.
class FaultFinder : public nlohmann::json_sax<nlohmann::json> {
public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return true; }
    bool key(string_t&) override { return true; }
    bool end_object() override { return true; }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t read, const std::string&, const nlohmann::json::exception& error) override {
        fault = read > 0 ? read - 1 : 0;
        at_end = std::string_view(error.what()).find("unexpected end of input") != std::string_view::npos;
        return false;
    }

    std::size_t fault = 0;
    bool at_end = false;
};

/// Where the word, number or string begins whose last byte this is: the parser stops behind what it does not expect.
std::size_t word_start(std::string_view text, std::size_t last) {
    std::size_t opened = 0;
    bool in_string = false;
    for (std::size_t i = 0; i <= last && i < text.size(); ++i) {
        if (in_string && text[i] == '\\')
            ++i;
        else if (text[i] == '"') {
            if (!in_string) opened = i;
            in_string = !in_string;
            if (i == last) return opened;
        }
    }
    if (in_string) return last;
    if (last > 0 && last < text.size() && std::isspace(static_cast<unsigned char>(text[last]))) --last;
    const auto in_word = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '+' || c == '_';
    };
    while (last > 0 && last < text.size() && in_word(text[last]) && in_word(text[last - 1])) --last;
    return last;
}

} // namespace

std::optional<std::size_t> json_fault(std::string_view text) {
    FaultFinder finder;
    if (nlohmann::json::sax_parse(text.begin(), text.end(), &finder)) return std::nullopt;
    return finder.at_end ? text.size() : word_start(text, std::min(finder.fault, text.size()));
}

} // namespace ropewalk::base
