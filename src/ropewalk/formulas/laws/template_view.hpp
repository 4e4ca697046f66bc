// A form with unknown functions as its calls see it: numbers in, numbers out.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "ropewalk/formulas/laws/template_form.hpp"

namespace ropewalk::formula {

/// The values of a form on some rows, for values of its calls. Keeps a reference to the form.
class TemplateView {
public:
    TemplateView(const TemplateForm& form, const Problem& rows);

    using Columns = std::vector<std::vector<double>>;

    /// The arguments of a call on every row.
    const Columns& arguments(std::size_t call) const { return arguments_[call]; }

    /// Values of the form, one column for each call.
    Eigen::VectorXd values(const Columns& calls) const;

    /// Values of a body at a call.
    std::vector<double> call_values(std::size_t call, const Program& body) const;

    /// Whether the form is linear in some parts together, whatever the others are, as far as a few random values tell.
    bool is_linear(const std::vector<std::size_t>& parts) const;

    /// The values that a call must have for the form to have the target's, where a chain of inverse functions leads
    /// there; not a number where there is none.
    std::vector<double> solved(std::size_t call, const Columns& calls, const std::vector<double>& target) const;

private:
    const TemplateForm& form_;
    Columns inputs_;
    std::vector<Columns> arguments_;
    std::size_t rows_ = 0;
};

} // namespace ropewalk::formula
