#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ropewalk/formulas/text/notation.hpp"

namespace ropewalk::formula {

namespace {

const std::set<std::string, std::less<>>& reserved(Notation notation) {
    static const std::set<std::string, std::less<>> python{
        "False", "None",  "True",   "and",      "as",     "assert", "async", "await",  "break",    "class",
        "case",  "match", "type",   "continue", "def",    "del",    "elif",  "else",   "except",   "finally",
        "for",   "from",  "global", "if",       "import", "in",     "is",    "lambda", "nonlocal", "not",
        "or",    "pass",  "raise",  "return",   "try",    "while",  "with",  "yield",  "math",     "exp",
        "log",   "sin",   "cos",    "sqrt",     "min",    "max",    "print",  "tan",   "tanh",     "asin",
        "acos",  "atan",  "abs",    "floor",    "ceil",   "float"};
    static const std::set<std::string, std::less<>> sympy{
        "Symbol", "symbols", "Rational", "Min",  "Max",  "E",   "I",     "N",       "O",    "Q",        "S",
        "pi",     "oo",      "formula",  "tan",  "tanh", "asin", "acos", "atan", "Abs", "floor", "ceiling",
        "Mod",    "sign",    "Heaviside", "beta", "gamma", "zeta", "lambda"};
    static const std::set<std::string, std::less<>> c{"auto",
                                                      "break",
                                                      "case",
                                                      "char",
                                                      "const",
                                                      "continue",
                                                      "default",
                                                      "do",
                                                      "double",
                                                      "else",
                                                      "enum",
                                                      "extern",
                                                      "float",
                                                      "for",
                                                      "goto",
                                                      "if",
                                                      "inline",
                                                      "int",
                                                      "long",
                                                      "register",
                                                      "restrict",
                                                      "return",
                                                      "short",
                                                      "signed",
                                                      "sizeof",
                                                      "static",
                                                      "struct",
                                                      "switch",
                                                      "typedef",
                                                      "union",
                                                      "unsigned",
                                                      "void",
                                                      "volatile",
                                                      "while",
                                                      "bool",
                                                      "true",
                                                      "false",
                                                      "nullptr",
                                                      "constexpr",
                                                      "alignas",
                                                      "alignof",
                                                      "typeof",
                                                      "thread_local",
                                                      "static_assert",
                                                      "asm",
                                                      "linux",
                                                      "unix",
                                                      "i386",
                                                      "main",
                                                      "exp",
                                                      "log",
                                                      "sin",
                                                      "cos",
                                                      "sqrt",
                                                      "pow",
                                                      "tan",
                                                      "tanh",
                                                      "asin",
                                                      "acos",
                                                      "atan",
                                                      "fabs",
                                                      "floor",
                                                      "ceil",
                                                      "fmin",
                                                      "fmax",
                                                      "NAN",
                                                      "INFINITY",
                                                      "HUGE_VAL",
                                                      "HUGE_VALF",
                                                      "HUGE_VALL",
                                                      "DOMAIN",
                                                      "SING",
                                                      "OVERFLOW",
                                                      "UNDERFLOW",
                                                      "PLOSS",
                                                      "TLOSS",
                                                      "HUGE",
                                                      "math_errhandling",
                                                      "errno",
                                                      "class",
                                                      "new",
                                                      "delete",
                                                      "this",
                                                      "template",
                                                      "namespace",
                                                      "operator",
                                                      "private",
                                                      "public",
                                                      "protected",
                                                      "try",
                                                      "catch",
                                                      "throw",
                                                      "using",
                                                      "virtual",
                                                      "friend",
                                                      "typename",
                                                      "explicit",
                                                      "export",
                                                      "mutable",
                                                      "and",
                                                      "or",
                                                      "not",
                                                      "xor",
                                                      "bitand",
                                                      "bitor",
                                                      "compl",
                                                      "j0",
                                                      "j1",
                                                      "jn",
                                                      "y0",
                                                      "y1",
                                                      "yn",
                                                      "gamma",
                                                      "wchar_t",
                                                      "char8_t",
                                                      "char16_t",
                                                      "char32_t",
                                                      "concept",
                                                      "requires",
                                                      "decltype",
                                                      "noexcept"};
    static const std::set<std::string, std::less<>> both = [] {
        auto all = python;
        all.insert(sympy.begin(), sympy.end());
        return all;
    }();
    return notation == Notation::c ? c : notation == Notation::sympy ? both : python;
}

/// Macros of math.h: M_PI, FP_NAN, MATH_ERRNO and their like.
bool looks_like_macro(std::string_view name) {
    return name.starts_with("M_") || name.starts_with("FP_") || name.starts_with("MATH_");
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_part(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

std::string letters_only(std::string_view name) {
    std::string text;
    for (const char c : name) {
        if (is_part(c))
            text += c;
        else if (!text.ends_with('_'))
            text += '_';
    }
    while (text.size() > 1 && text.ends_with('_') && !name.ends_with('_')) text.pop_back();
    // Names that begin with an underscore belong to compilers and libraries.
    return text.empty() || !is_letter(text.front()) ? "x" + (text == "_" ? "" : text) : text;
}

} // namespace

std::vector<std::string> identifiers(std::span<const std::string> names, Notation notation) {
    std::set<std::string, std::less<>> taken;
    std::vector<std::string> chosen(names.size());
    const auto usable = [&](const std::string& name) {
        return !reserved(notation).contains(name) && !taken.contains(name) &&
               !(notation == Notation::c && looks_like_macro(name));
    };
    // Names that need no change are served first, so that no other name takes them away.
    for (std::size_t i = 0; i < names.size(); ++i)
        if (letters_only(names[i]) == names[i] && usable(names[i])) taken.insert(chosen[i] = names[i]);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!chosen[i].empty()) continue;
        const std::string stem = letters_only(names[i]);
        std::string name = stem;
        for (int number = 1; !usable(name); ++number)
            name = fmt::format("{}{}{}", looks_like_macro(stem) ? "x_" : "", stem,
                               number == 1 ? "_" : fmt::format("_{}", number));
        taken.insert(chosen[i] = name);
    }
    return chosen;
}

} // namespace ropewalk::formula
