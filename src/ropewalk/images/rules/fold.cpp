#include "ropewalk/images/rules/fold.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "ropewalk/base/json.hpp"
#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::rules {

namespace {

/// In the order of FoldKind.
constexpr std::array<const char*, 8> names{"sum",     "alternating", "product", "maximum",
                                           "minimum", "remainder",   "first",   "last"};

std::string weighted_text(const std::vector<double>& weights) {
    std::string text;
    for (std::size_t place = 0; place < weights.size(); ++place) {
        const double size = std::abs(weights[place]);
        if (size == 0) continue;
        if (text.empty())
            text += weights[place] < 0 ? "-" : "";
        else
            text += weights[place] < 0 ? " - " : " + ";
        if (size != 1) text += fmt::format("{:.15g}*", size);
        text += formula::name_of_variable(place);
    }
    return text;
}

std::string text_without_constant(const Fold& fold) {
    switch (fold.kind) {
    case FoldKind::sum: return fold.weights.empty() ? "sum(s)" : weighted_text(fold.weights);
    case FoldKind::alternating: return "s1 - s2 + s3 - ...";
    case FoldKind::product: return "product(s)";
    case FoldKind::maximum: return "max(s)";
    case FoldKind::minimum: return "min(s)";
    case FoldKind::remainder: return fmt::format("sum(s) mod {:.15g}", fold.modulus);
    case FoldKind::first: return "first(s)";
    case FoldKind::last: return "last(s)";
    }
    return {};
}

} // namespace

bool is_sum(const Fold& fold) { return fold.kind == FoldKind::sum || fold.kind == FoldKind::alternating; }

double weight_of(const Fold& fold, std::size_t place) {
    if (fold.kind == FoldKind::alternating) return place % 2 == 0 ? 1 : -1;
    return fold.weights.empty() ? 1 : fold.weights[place];
}

double next_state(const Fold& fold, double state, double letter, std::size_t place) {
    if (is_sum(fold)) return (place == 0 ? 0 : state) + weight_of(fold, place) * letter;
    switch (fold.kind) {
    case FoldKind::product: return place == 0 ? letter : state * letter;
    case FoldKind::maximum: return place == 0 ? letter : std::max(state, letter);
    case FoldKind::minimum: return place == 0 ? letter : std::min(state, letter);
    case FoldKind::remainder: {
        const double sum = (place == 0 ? 0 : state) + letter;
        return sum - fold.modulus * std::floor(sum / fold.modulus);
    }
    case FoldKind::first: return place == 0 ? letter : state;
    default: return letter;
    }
}

double value_of(const Fold& fold, std::span<const double> letters) {
    double state = 0;
    for (std::size_t place = 0; place < letters.size(); ++place)
        state = next_state(fold, state, letters[place], place);
    return state + fold.constant;
}

std::string text_of(const Fold& fold) {
    std::string text = text_without_constant(fold);
    if (fold.constant == 0) return text;
    return fmt::format("{} {} {:.15g}", text, fold.constant < 0 ? "-" : "+", std::abs(fold.constant));
}

std::string to_json(const Fold& fold) {
    return base::json_text(nlohmann::ordered_json{{"kind", names[static_cast<std::size_t>(fold.kind)]},
                                                  {"modulus", fold.modulus},
                                                  {"weights", fold.weights},
                                                  {"constant", fold.constant}});
}

base::Result<Fold> fold_from_json(const std::string& text, const std::string& file) {
    const auto no_fold = [&] {
        return base::failure(file, "no program over rows of letters", "one that `ropewalk perceive` wrote");
    };
    try {
        const auto json = base::parse_json<nlohmann::json>(text);
        const auto name = json.at("kind").get<std::string>();
        const auto kind = std::find(names.begin(), names.end(), name);
        if (kind == names.end()) return no_fold();
        Fold fold{.kind = static_cast<FoldKind>(kind - names.begin())};
        json.at("modulus").get_to(fold.modulus);
        json.at("weights").get_to(fold.weights);
        json.at("constant").get_to(fold.constant);
        if (fold.kind == FoldKind::remainder && !(fold.modulus >= 2)) return no_fold();
        return fold;
    } catch (const nlohmann::json::exception&) {
        return no_fold();
    }
}

} // namespace ropewalk::rules
