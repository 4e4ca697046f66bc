#include "ropewalk/base/json_nesting.hpp"

#include <algorithm>

namespace ropewalk::base {

int json_nesting(std::string_view text) {
    int depth = 0, deepest = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string && c == '\\')
            ++i;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && (c == '[' || c == '{'))
            deepest = std::max(deepest, ++depth);
        else if (!in_string && (c == ']' || c == '}'))
            depth = std::max(0, depth - 1);
    }
    return deepest;
}

} // namespace ropewalk::base
