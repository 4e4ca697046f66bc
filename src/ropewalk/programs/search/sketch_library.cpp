#include "ropewalk/programs/search/sketch.hpp"

namespace ropewalk::search {

namespace {

struct Text {
    const char* name;
    const char* source;
};

// The families of array programs, from small to large. A family is a line of text; whatever the search does
// with it follows from the text.
constexpr Text texts[] = {
    // One store, or two at once.
    {"store", "M[?cell.a] = ?point.v"},
    {"store at", "M[?point.a] = ?point.v"},
    {"exchange", "swap M[?point.a], M[?point.b]"},
    {"two stores", "M[?cell.a], M[?cell.b] = ?point.v, ?point.w"},
    // Element by element.
    {"map", "for i in ?range.r: M[?address.a(i)] = ?value.f(M[?address.b(i)])"},
    {"map with index", "for i in ?range.r: M[?address.a(i)] = ?value.f(i, M[?address.b(i)])"},
    {"zip", "for i in ?range.r: M[?address.a(i)] = ?value.f(M[?address.b(i)], M[?address.c(i)])"},
    {"gather", "for i in ?range.r: M[?address.a(i)] = M[?address.b(M[?cell.c], M[?address.d(i)])]"},
    {"move", "for i in ?range.r: M[?address.a(i, M[?cell.c])] = ?value.f(M[?address.b(i)])"},
    {"filter",
     "for i in ?range.r:\n    if ?test.t(M[?address.a(i)]): M[?address.b(i)] = ?value.f(M[?address.c(i)])"},
    {"filter by cell", "for i in ?range.r:\n    if ?test.t(M[?address.a(i)], M[?cell.c]): M[?address.b(i)] = "
                       "?value.f(M[?address.d(i)])"},
    // Folds and scans.
    {"fold", "x = ?start.s\nfor i in ?range.r: x = ?value.f(x, M[?address.a(i)])\nM[?cell.c] = x"},
    {"fold with index",
     "x = ?start.s\nfor i in ?range.r: x = ?value.f(x, M[?address.a(i)], i)\nM[?cell.c] = x"},
    {"fold and finish",
     "x = ?start.s\nfor i in ?range.r: x = ?value.f(x, M[?address.a(i)])\nM[?cell.c] = ?value.g(x)"},
    {"count",
     "x = 0\nfor i in ?range.r:\n    if ?test.t(M[?address.a(i)], ?start.s): x = ?step.f(x)\nM[?cell.c] = x"},
    {"best place",
     "x = ?start.s\nfor i in ?range.r:\n    if ?test.t(M[i], M[x]): x = i\nM[?cell.c] = ?value.g(x)"},
    {"scan",
     "x = ?start.s\nfor i in ?range.r:\n    x = ?value.f(x, M[?address.a(i)])\n    M[?address.b(i)] = x"},
    {"carry", "x = ?start.s\nfor i in ?range.r: x, M[?address.a(i)] = ?value.f(x, M[?address.a(i)]), "
              "?value.g(x, M[?address.a(i)])"},
    {"unfold", "x = ?start.s\ny = ?start.t\nfor i in ?range.r:\n    M[?address.a(i)] = x\n    x, y = "
               "?value.f(x, y), ?value.g(x, y)"},
    // Cells that change places.
    {"exchange loop", "for i in ?range.r: swap M[?address.a(i)], M[?address.b(i)]"},
    {"saved cell", "x = M[?cell.s]\nfor i in ?range.r: M[?address.a(i)] = ?value.f(M[?address.b(i)], "
                   "M[?address.c(i)])\nM[?cell.c] = ?value.g(x, M[?cell.c])"},
    {"pairs", "for i in ?range.r: M[?address.a(i)], M[?address.b(i)] = ?combine.f(M[?address.a(i)], "
              "M[?address.b(i)]), ?combine.g(M[?address.a(i)], M[?address.b(i)])"},
    {"nested pairs", "for k in ?range.q:\n    for i in ?range.r: M[?address.a(i)], M[?address.b(i)] = "
                     "?combine.f(M[?address.a(i)], M[?address.b(i)]), ?combine.g(M[?address.a(i)], "
                     "M[?address.b(i)])"},
    {"nested pairs of both",
     "for k in ?range.q:\n    for i in ?range.r: M[k], M[i] = ?combine.f(M[k], M[i]), "
     "?combine.g(M[k], M[i])"},
    // Pointers.
    {"seek by step",
     "p = ?start.s\nwhile ?test.t(M[?address.a(p)], M[?cell.c]): p = ?step.f(p)\nM[?cell.o] = "
     "?address.g(p)"},
    {"seek by link",
     "p = ?start.s\nwhile ?test.t(M[?address.a(p)], M[?cell.c]): p = M[?address.f(p)]\nM[?cell.o] "
     "= ?address.g(p)"},
    {"look up by link", "p = ?start.s\nwhile ?test.t(M[?address.a(p)], M[?cell.c]): p = "
                        "M[?address.f(p)]\nM[?cell.o] = M[?address.g(p)]"},
    {"look up by step",
     "p = ?start.s\nwhile ?test.t(M[?address.a(p)], M[?cell.c]): p = ?step.f(p)\nM[?cell.o] = "
     "M[?address.g(p)]"},
    {"end by step",
     "p = ?start.s\nwhile ?test.t(M[?address.a(p)]): p = ?step.f(p)\nM[?cell.o] = ?address.g(p)"},
    {"end by link",
     "p = ?start.s\nwhile ?test.t(M[?address.a(p)]): p = M[?address.f(p)]\nM[?cell.o] = M[?address.g(p)]"},
    {"follow", "p = ?start.s\nfor k in 0..?start.c: p = M[?address.f(p)]\nM[?cell.o] = M[?address.g(p)]"},
    {"repeat", "p = ?start.s\nfor k in 0..?start.c: p = ?value.f(p)\nM[?cell.o] = p"},
    {"repeat from", "p = ?start.s\nq = ?start.t\nfor k in 0..?start.c: p = ?combine.f(p, q)\nM[?cell.o] = p"},
    {"walk", "p = ?start.s\nq = ?start.t\nwhile ?test.t(M[q]):\n    p = M[?address.f(p, M[q])]\n    q = "
             "?step.h(q)\nM[?cell.o] = M[?address.g(p)]"},
    {"transfer", "p = ?start.s\nq = ?start.t\nwhile ?test.t(M[p]):\n    M[q] = ?value.f(M[p])\n    p = "
                 "?step.g(p)\n    q = ?step.h(q)"},
    {"seek and transfer", "p = ?start.s\nwhile ?test.t(M[p]): p = ?step.e(p)\nq = ?start.t\nwhile "
                          "?test.u(p):\n    p = ?step.g(p)\n    M[q] = M[p]\n    q = ?step.h(q)"},
    {"seek and move", "p = ?start.s\nwhile ?test.t(M[p]): p = ?step.e(p)\nq = ?start.t\nwhile "
                      "?test.u(p):\n    M[q] = M[?address.f(p)]\n    p = ?step.g(p)\n    q = ?step.h(q)"},
    {"merge",
     "p = ?start.s\nq = ?start.t\nfor k in ?range.r:\n    M[?address.a(k)] = ?combine.f(M[p], M[q])\n    "
     "if ?test.t(M[p], M[q]): p = ?step.g(p)\n    else: q = ?step.h(q)"},
};

} // namespace

const std::vector<Sketch>& sketch_library() {
    static const std::vector<Sketch> library = [] {
        std::vector<Sketch> sketches;
        for (const Text& text : texts) sketches.push_back(parse_sketch(text.name, text.source).value());
        return sketches;
    }();
    return library;
}

} // namespace ropewalk::search
