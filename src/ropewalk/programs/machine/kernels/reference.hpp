// The differentiable machine stated plainly: one program, one example, one step after the other, with the
// paper's table T. This is the specification of the fast kernels; read it first.
#pragma once

#include <span>
#include <vector>

#include "ropewalk/programs/machine/evaluate.hpp"

namespace ropewalk::machine::reference {

/// State between steps. Rows are distributions unless a switch leaks.
template<class Real>
struct State {
    std::vector<Real> line;      ///< l [L]
    std::vector<Real> memory;    ///< M [m, b]
    std::vector<Real> registers; ///< R [n, b]
    Real halted = 0;             ///< H
};

/// Everything a step computes on its way, kept for the adjoint.
template<class Real>
struct Step {
    std::vector<Real> instruction;                ///< f [F]
    std::vector<Real> first, second, destination; ///< a1, a2, a3 [n]
    std::vector<Real> target;                     ///< where a jump goes, [L]
    std::vector<Real> value1, value2;             ///< v1, v2 [b]
    std::vector<Real> address;                    ///< v1 folded modulo cells, [m]
    std::vector<Real> output;                     ///< o [b]
};

/// states[t] is the state before step t; states.back() is the final one.
template<class Real>
struct Tape {
    std::vector<State<Real>> states;
    std::vector<Step<Real>> steps;
};

/// Derivative of the loss by every state: adjoints[t] belongs to Tape::states[t].
template<class Real>
using StateAdjoints = std::vector<State<Real>>;

/// A machine prepared for a configuration. The table T of eq. 6 is stored as its only non-zero position:
/// result[k][x * b + y] is the value of instruction k on x and y.
template<class Real>
class Machine {
public:
    explicit Machine(const Configuration& configuration);

    /// l = line 0, memory and registers one-hot, H = 0.
    State<Real> initial_state(const Example& example) const;

    /// One step (eq. 1-9): fills `record` and returns the state after it.
    State<Real> step(std::span<const Real> weights, const State<Real>& state, Step<Real>& record) const;

    Tape<Real> forward(std::span<const Real> weights, const Example& example, long steps) const;

    /// Adds d loss / d weights to `gradient` [L, columns], given d loss / d state for every state of the
    /// tape. `adjoints` is consumed.
    void backward(std::span<const Real> weights, const Tape<Real>& tape, StateAdjoints<Real>& adjoints,
                  std::span<Real> gradient) const;

    const Configuration& configuration() const { return configuration_; }
    const Layout& layout() const { return layout_; }

private:
    std::vector<Real> head(std::span<const Real> weights, const std::vector<Real>& line, Head head) const;
    void head_adjoint(std::span<const Real> weights, const std::vector<Real>& line, Head head,
                      const std::vector<Real>& value, const std::vector<Real>& value_adjoint,
                      std::vector<Real>& line_adjoint, std::span<Real> gradient) const;
    std::vector<Real> output(const Step<Real>& step, const State<Real>& state) const;
    void output_adjoint(const Step<Real>& step, const State<Real>& state,
                        const std::vector<Real>& output_adjoint, Step<Real>& adjoint,
                        State<Real>& state_adjoint) const;
    Real value_share(const Step<Real>& step) const;
    std::vector<Real> written_value(const Step<Real>& step) const;
    State<Real> step_adjoint(std::span<const Real> weights, const Step<Real>& step, const State<Real>& before,
                             const State<Real>& after, const State<Real>& adjoint_after,
                             std::span<Real> gradient) const;

    Configuration configuration_;
    Layout layout_;
    std::vector<std::vector<int>> result_;
    int read_ = -1, write_ = -1, jump_ = -1, halt_ = -1;
};

/// Loss of a finished run; `adjoints` receives its derivative by every state when it is not null.
template<class Real>
Real loss(const Configuration& configuration, const Loss& settings, const Tape<Real>& tape,
          const Example& example, StateAdjoints<Real>* adjoints);

/// The plain version of machine::evaluate.
template<class Real>
void evaluate(const EvaluationRequest& request, std::span<const Real> weights,
              std::span<const Example> examples, std::span<Real> losses, std::span<Real> gradient);

} // namespace ropewalk::machine::reference
