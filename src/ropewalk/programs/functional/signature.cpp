#include "ropewalk/programs/functional/signature.hpp"

namespace ropewalk::functional {

Signature signature_of(Operator op) {
    Signature signature;
    bool inside = false, arrow = false;
    for (const char* at = facts(op).signature; *at != 0;) {
        if (*at == ' ' || *at == ')') {
            inside = inside && *at != ')';
            ++at;
            continue;
        }
        if (*at == '(') {
            inside = true;
            ++at;
        }
        if (*at == '-') {
            arrow = true;
            at += 2;
            continue;
        }
        int depth = 0;
        for (; *at == '['; ++at) ++depth;
        const Pattern pattern{*at, depth};
        for (++at; *at == ']'; ++at) {}
        if (inside && arrow)
            signature.body = pattern, arrow = false;
        else if (inside)
            signature.parameters.push_back(pattern);
        else if (arrow)
            signature.result = pattern;
        else
            signature.arguments.push_back(pattern);
    }
    return signature;
}

} // namespace ropewalk::functional
