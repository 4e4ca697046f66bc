// What a search for the functions of a form works on, and the form as a sum of terms.
#pragma once

#include <utility>
#include <vector>

#include <Eigen/Core>

#include "ropewalk/formulas/laws/collection.hpp"
#include "ropewalk/formulas/laws/explain.hpp"
#include "ropewalk/formulas/laws/template_view.hpp"

namespace ropewalk::formula {

/// A program for each part.
using Bodies = std::vector<Program>;

/// One search: the form, the rows that candidates are found on, and what was found.
struct FormSearch {
    FormSearch(const TemplateForm& of, const Problem& in, const ExplainOptions& by);

    const TemplateForm& form;
    const Problem& problem;
    const ExplainOptions& options;
    base::Stopwatch watch;
    Problem screen;
    TemplateView view;
    std::vector<std::optional<Unit>> units; ///< of the parts, where they are known
    Collection collection;
    std::vector<std::pair<Program, Bodies>> bodies; ///< of what the collection was offered
    std::uint64_t candidates = 0;

    /// Whether a share of the time is over.
    bool over(double share) const {
        const double seconds = options.search.run.seconds;
        return options.search.run.stop.requested() || (seconds > 0 && watch.seconds() > share * seconds);
    }
    bool has_units() const { return !problem.units.empty() && problem.target_unit.has_value(); }
    /// Whether a number may be added to a part.
    bool pure(std::size_t part) const { return !has_units() || !units[part] || *units[part] == Unit{}; }
    std::size_t first_call(std::size_t part) const {
        std::size_t call = 0;
        while (form.calls[call].part != part) ++call;
        return call;
    }
};

/// The table that a part sees at one of its calls: arguments for inputs, no target.
Problem arguments_of(const FormSearch& search, std::size_t call, const TemplateView& view);

/// Parts that the form is linear in together: as many as there are, those of most arguments first.
std::vector<std::size_t> linear_parts(const FormSearch& search);

/// Small formulas of a part's arguments, smallest first.
std::vector<Program> small_bodies(const FormSearch& search, std::size_t part, std::size_t most);

/// Terms of a part that the form is linear in, and their values at each of its calls.
struct PartTerms {
    std::size_t part = 0;
    std::vector<Program> programs;
    std::vector<double> costs;
    std::vector<std::vector<std::vector<double>>> values; ///< [term][call of the form]; none of other parts' calls
};

PartTerms terms_of(const FormSearch& search, std::size_t part, std::size_t most);

/// The form as a sum of terms beside some bodies: columns of a library, and the target that they are to make.
struct LinearForm {
    Eigen::MatrixXd library;
    Eigen::VectorXd target;
    bool finite = false;
};

LinearForm linear_form(const FormSearch& search, const std::vector<PartTerms>& parts, const Bodies& bodies);

/// What is left of the target beside some bodies when terms may take any part.
double left_by(const FormSearch& search, const std::vector<PartTerms>& parts, const Bodies& bodies);

} // namespace ropewalk::formula
