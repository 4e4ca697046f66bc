#include "ropewalk/programs/machine/kernels/reference.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ropewalk::machine::reference {

using assembly::Opcode;

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

template<class Real>
void softmax(std::span<Real> values) {
    const Real largest = *std::max_element(values.begin(), values.end());
    Real sum = 0;
    for (Real& value : values) sum += value = std::exp(value - largest);
    for (Real& value : values) value /= sum;
}

template<class Real>
Real dot(std::span<const Real> a, std::span<const Real> b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), Real{0});
}

template<class Real>
std::span<const Real> row(const std::vector<Real>& matrix, int index, int width) {
    return {matrix.data() + at(index * width), at(width)};
}

template<class Real>
std::span<Real> row(std::vector<Real>& matrix, int index, int width) {
    return {matrix.data() + at(index * width), at(width)};
}

/// sum_r weight[r] * rows[r]
template<class Real>
std::vector<Real> weighted_rows(const std::vector<Real>& weight, const std::vector<Real>& rows, int width) {
    std::vector<Real> sum(at(width), Real{0});
    for (std::size_t r = 0; r < weight.size(); ++r)
        for (std::size_t x = 0; x < sum.size(); ++x) sum[x] += weight[r] * rows[r * sum.size() + x];
    return sum;
}

/// Adjoint of `weighted_rows`.
template<class Real>
void weighted_rows_adjoint(const std::vector<Real>& weight, const std::vector<Real>& rows,
                           const std::vector<Real>& sum_adjoint, std::vector<Real>& weight_adjoint,
                           std::vector<Real>& rows_adjoint) {
    const std::size_t width = sum_adjoint.size();
    for (std::size_t r = 0; r < weight.size(); ++r)
        for (std::size_t x = 0; x < width; ++x) {
            weight_adjoint[r] += sum_adjoint[x] * rows[r * width + x];
            rows_adjoint[r * width + x] += sum_adjoint[x] * weight[r];
        }
}

template<class Real>
std::vector<Real> one_hot_rows(const std::vector<int>& values, int rows, int width) {
    std::vector<Real> matrix(at(rows * width), Real{0});
    for (int r = 0; r < rows; ++r) {
        const int value = at(r) < values.size() ? values[at(r)] : 0;
        matrix[at(r * width + value)] = 1;
    }
    return matrix;
}

template<class Real>
State<Real> zero_state(const Configuration& c) {
    return {.line = std::vector<Real>(at(c.lines)),
            .memory = std::vector<Real>(at(c.cells * c.base)),
            .registers = std::vector<Real>(at(c.registers * c.base))};
}

template<class Real>
Step<Real> zero_step(const Configuration& c) {
    const std::vector<Real> n(at(c.registers)), b(at(c.base));
    return {.instruction = std::vector<Real>(c.instruction_set.size()),
            .first = n,
            .second = n,
            .destination = n,
            .target = std::vector<Real>(at(c.lines)),
            .value1 = b,
            .value2 = b,
            .address = std::vector<Real>(at(c.cells)),
            .output = b};
}

template<class Real>
void add(std::vector<Real>& sum, const std::vector<Real>& term) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += term[i];
}

template<class Real>
void add(State<Real>& sum, const State<Real>& term) {
    add(sum.line, term.line);
    add(sum.memory, term.memory);
    add(sum.registers, term.registers);
    sum.halted += term.halted;
}

} // namespace

template<class Real>
Machine<Real>::Machine(const Configuration& configuration)
    : configuration_(configuration), layout_(layout_of(configuration)) {
    const int b = configuration.base;
    for (const Opcode opcode : configuration.instruction_set) {
        std::vector<int> table;
        if (const auto value = info(opcode).value)
            for (int x = 0; x < b; ++x)
                for (int y = 0; y < b; ++y) table.push_back(value(x, y, b));
        result_.push_back(std::move(table));
    }
    read_ = position(configuration.instruction_set, Opcode::read);
    write_ = position(configuration.instruction_set, Opcode::write);
    jump_ = position(configuration.instruction_set, Opcode::jump);
    halt_ = position(configuration.instruction_set, Opcode::halt);
}

template<class Real>
State<Real> Machine<Real>::initial_state(const Example& example) const {
    const Configuration& c = configuration_;
    const std::vector<int>& registers = example.registers.empty() ? c.initial_registers : example.registers;
    State<Real> state{.line = std::vector<Real>(at(c.lines), Real{0}),
                      .memory = one_hot_rows<Real>(example.memory, c.cells, c.base),
                      .registers = one_hot_rows<Real>(registers, c.registers, c.base)};
    state.line[0] = 1;
    return state;
}

template<class Real>
std::vector<Real> Machine<Real>::head(std::span<const Real> weights, const std::vector<Real>& line,
                                      Head head) const {
    std::vector<Real> value(at(head.width), Real{0});
    std::vector<Real> logits(at(head.width));
    for (int l = 0; l < configuration_.lines; ++l) {
        const auto row = weights.subspan(at(l * layout_.columns + head.offset), at(head.width));
        logits.assign(row.begin(), row.end());
        if (configuration_.switches.mix == Mix::probabilities) softmax<Real>(logits);
        for (std::size_t c = 0; c < value.size(); ++c) value[c] += line[at(l)] * logits[c];
    }
    if (configuration_.switches.mix == Mix::logits) softmax<Real>(value);
    return value;
}

template<class Real>
void Machine<Real>::head_adjoint(std::span<const Real> weights, const std::vector<Real>& line, Head head,
                                 const std::vector<Real>& value, const std::vector<Real>& value_adjoint,
                                 std::vector<Real>& line_adjoint, std::span<Real> gradient) const {
    const auto softmax_adjoint = [](const std::vector<Real>& p, const std::vector<Real>& p_adjoint) {
        const Real mean = dot<Real>(p, p_adjoint);
        std::vector<Real> logits_adjoint(p.size());
        for (std::size_t c = 0; c < p.size(); ++c) logits_adjoint[c] = p[c] * (p_adjoint[c] - mean);
        return logits_adjoint;
    };
    const bool mixes_logits = configuration_.switches.mix == Mix::logits;
    const std::vector<Real> mixed = mixes_logits ? softmax_adjoint(value, value_adjoint) : value_adjoint;
    std::vector<Real> row_value(at(head.width));
    for (int l = 0; l < configuration_.lines; ++l) {
        const std::size_t start = at(l * layout_.columns + head.offset);
        const auto row = weights.subspan(start, at(head.width));
        row_value.assign(row.begin(), row.end());
        if (!mixes_logits) softmax<Real>(row_value);
        line_adjoint[at(l)] += dot<Real>(row_value, mixed);
        const std::vector<Real> row_adjoint = mixes_logits ? mixed : softmax_adjoint(row_value, mixed);
        for (std::size_t c = 0; c < row_adjoint.size(); ++c)
            gradient[start + c] += line[at(l)] * row_adjoint[c];
    }
}

/// Probability that the instruction produces a value, s.
template<class Real>
Real Machine<Real>::value_share(const Step<Real>& step) const {
    Real share = 0;
    for (std::size_t k = 0; k < step.instruction.size(); ++k)
        if (info(configuration_.instruction_set[k]).produces_value) share += step.instruction[k];
    return share;
}

/// What is written to registers: the output, and with Mass::zero a 0 for instructions that have none.
template<class Real>
std::vector<Real> Machine<Real>::written_value(const Step<Real>& step) const {
    std::vector<Real> value = step.output;
    if (configuration_.switches.mass == Mass::zero) value[0] += 1 - value_share(step);
    return value;
}

/// Eq. 6: o = sum over instructions of f_k times the push-forward of v1 x v2 through k.
template<class Real>
std::vector<Real> Machine<Real>::output(const Step<Real>& step, const State<Real>& state) const {
    const int b = configuration_.base;
    std::vector<Real> o(at(b), Real{0});
    for (std::size_t k = 0; k < result_.size(); ++k)
        for (std::size_t xy = 0; xy < result_[k].size(); ++xy)
            o[at(result_[k][xy])] += step.instruction[k] * step.value1[xy / at(b)] * step.value2[xy % at(b)];
    if (read_ >= 0)
        for (int a = 0; a < configuration_.cells; ++a)
            for (int x = 0; x < b; ++x)
                o[at(x)] += step.instruction[at(read_)] * step.address[at(a)] * state.memory[at(a * b + x)];
    return o;
}

template<class Real>
void Machine<Real>::output_adjoint(const Step<Real>& step, const State<Real>& state,
                                   const std::vector<Real>& o_adjoint, Step<Real>& adjoint,
                                   State<Real>& state_adjoint) const {
    const int b = configuration_.base;
    for (std::size_t k = 0; k < result_.size(); ++k)
        for (std::size_t xy = 0; xy < result_[k].size(); ++xy) {
            const std::size_t x = xy / at(b), y = xy % at(b);
            const Real seed = o_adjoint[at(result_[k][xy])];
            adjoint.instruction[k] += seed * step.value1[x] * step.value2[y];
            adjoint.value1[x] += seed * step.instruction[k] * step.value2[y];
            adjoint.value2[y] += seed * step.instruction[k] * step.value1[x];
        }
    if (read_ < 0) return;
    const Real f = step.instruction[at(read_)];
    for (int a = 0; a < configuration_.cells; ++a) {
        const Real seed = dot<Real>(o_adjoint, row(state.memory, a, b));
        adjoint.instruction[at(read_)] += step.address[at(a)] * seed;
        adjoint.address[at(a)] += f * seed;
        for (int x = 0; x < b; ++x)
            state_adjoint.memory[at(a * b + x)] += f * step.address[at(a)] * o_adjoint[at(x)];
    }
}

template<class Real>
State<Real> Machine<Real>::step(std::span<const Real> weights, const State<Real>& state,
                                Step<Real>& record) const {
    const Configuration& c = configuration_;
    const auto probability = [&](int instruction) {
        return instruction < 0 ? Real{0} : record.instruction[at(instruction)];
    };

    // Controller (eq. 1-2) and register look-up (eq. 5).
    record = zero_step<Real>(c);
    record.instruction = head(weights, state.line, layout_.instruction);
    record.first = head(weights, state.line, layout_.first);
    record.second = head(weights, state.line, layout_.second);
    record.destination = head(weights, state.line, layout_.destination);
    record.value1 = weighted_rows(record.first, state.registers, c.base);
    record.value2 = weighted_rows(record.second, state.registers, c.base);
    for (int x = 0; x < c.base; ++x) record.address[at(x % c.cells)] += record.value1[at(x)];
    record.output = output(record, state);

    // Halting (eq. 11).
    State<Real> next = state;
    const Real halt = probability(halt_);
    next.halted = c.switches.halting == Halting::absorb ? state.halted + (1 - state.halted) * halt
                                                        : std::max(state.halted, halt);
    const Real keep = c.switches.freeze ? 1 - next.halted : Real{1};

    // Registers (eq. 7).
    const Real share = c.switches.mass == Mass::conserve ? value_share(record) : Real{1};
    const std::vector<Real> written = written_value(record);
    for (int r = 0; r < c.registers; ++r)
        for (int x = 0; x < c.base; ++x) {
            const Real old = state.registers[at(r * c.base + x)];
            next.registers[at(r * c.base + x)] +=
                keep * record.destination[at(r)] * (written[at(x)] - share * old);
        }

    // Memory (eq. 8).
    for (int a = 0; a < c.cells; ++a)
        for (int x = 0; x < c.base; ++x) {
            const Real old = state.memory[at(a * c.base + x)];
            next.memory[at(a * c.base + x)] +=
                keep * probability(write_) * record.address[at(a)] * (record.value2[at(x)] - old);
        }

    // Instruction register (eq. 9).
    if (c.switches.target == Target::line) record.target = head(weights, state.line, layout_.target);
    if (c.switches.target == Target::register_value)
        for (int x = 0; x < c.base; ++x) record.target[at(x % c.lines)] += record.value2[at(x)];
    if (c.switches.target == Target::second_operand)
        for (int r = 0; r < c.registers; ++r) record.target[at(r % c.lines)] += record.second[at(r)];
    const Real jump = probability(jump_) * record.value1[0];
    for (int l = 0; l < c.lines; ++l) {
        const Real advanced = state.line[at((l + c.lines - 1) % c.lines)];
        const Real moved = advanced + jump * (record.target[at(l)] - advanced);
        next.line[at(l)] += keep * (moved - state.line[at(l)]);
    }
    return next;
}

/// Reverse of `step`: adds to `gradient` and returns d loss / d state before the step.
template<class Real>
State<Real> Machine<Real>::step_adjoint(std::span<const Real> weights, const Step<Real>& s,
                                        const State<Real>& before, const State<Real>& after,
                                        const State<Real>& adjoint_after, std::span<Real> gradient) const {
    const Configuration& c = configuration_;
    const int b = c.base;
    State<Real> adjoint = zero_state<Real>(c);
    Step<Real> d = zero_step<Real>(c);
    const Real keep = c.switches.freeze ? 1 - after.halted : Real{1};
    Real keep_adjoint = 0;

    // Instruction register.
    const Real jump_probability = jump_ < 0 ? Real{0} : s.instruction[at(jump_)];
    const Real jump = jump_probability * s.value1[0];
    Real jump_adjoint = 0;
    for (int l = 0; l < c.lines; ++l) {
        const int previous = (l + c.lines - 1) % c.lines;
        const Real advanced = before.line[at(previous)];
        const Real moved = advanced + jump * (s.target[at(l)] - advanced);
        const Real seed = adjoint_after.line[at(l)];
        keep_adjoint += seed * (moved - before.line[at(l)]);
        jump_adjoint += keep * seed * (s.target[at(l)] - advanced);
        d.target[at(l)] += keep * seed * jump;
        adjoint.line[at(l)] += (1 - keep) * seed;
        adjoint.line[at(previous)] += keep * seed * (1 - jump);
    }
    if (jump_ >= 0) d.instruction[at(jump_)] += jump_adjoint * s.value1[0];
    d.value1[0] += jump_adjoint * jump_probability;
    if (c.switches.target == Target::register_value)
        for (int x = 0; x < b; ++x) d.value2[at(x)] += d.target[at(x % c.lines)];
    if (c.switches.target == Target::second_operand)
        for (int r = 0; r < c.registers; ++r) d.second[at(r)] += d.target[at(r % c.lines)];

    // Memory.
    const Real write = write_ < 0 ? Real{0} : s.instruction[at(write_)];
    Real write_adjoint = 0;
    for (int a = 0; a < c.cells; ++a) {
        Real moved = 0;
        const Real weight = keep * write * s.address[at(a)];
        for (int x = 0; x < b; ++x) {
            const Real seed = adjoint_after.memory[at(a * b + x)];
            moved += seed * (s.value2[at(x)] - before.memory[at(a * b + x)]);
            d.value2[at(x)] += weight * seed;
            adjoint.memory[at(a * b + x)] += (1 - weight) * seed;
        }
        keep_adjoint += write * s.address[at(a)] * moved;
        write_adjoint += keep * s.address[at(a)] * moved;
        d.address[at(a)] += keep * write * moved;
    }
    if (write_ >= 0) d.instruction[at(write_)] += write_adjoint;

    // Registers.
    const bool conserves = c.switches.mass == Mass::conserve;
    const Real share = conserves ? value_share(s) : Real{1};
    const std::vector<Real> written = written_value(s);
    Real share_adjoint = 0;
    for (int r = 0; r < c.registers; ++r) {
        Real moved = 0;
        const Real weight = keep * s.destination[at(r)];
        for (int x = 0; x < b; ++x) {
            const Real seed = adjoint_after.registers[at(r * b + x)];
            const Real old = before.registers[at(r * b + x)];
            moved += seed * (written[at(x)] - share * old);
            d.output[at(x)] += weight * seed;
            if (conserves) share_adjoint -= weight * seed * old;
            adjoint.registers[at(r * b + x)] += (1 - weight * share) * seed;
        }
        keep_adjoint += s.destination[at(r)] * moved;
        d.destination[at(r)] += keep * moved;
    }
    if (c.switches.mass == Mass::zero) share_adjoint -= d.output[0];
    for (std::size_t k = 0; k < s.instruction.size(); ++k)
        if (info(c.instruction_set[k]).produces_value) d.instruction[k] += share_adjoint;

    // Halting.
    const Real halted_adjoint = adjoint_after.halted - (c.switches.freeze ? keep_adjoint : Real{0});
    const Real halt = halt_ < 0 ? Real{0} : s.instruction[at(halt_)];
    Real halt_adjoint = 0;
    if (c.switches.halting == Halting::absorb) {
        adjoint.halted += halted_adjoint * (1 - halt);
        halt_adjoint = halted_adjoint * (1 - before.halted);
    } else {
        // On a tie the derivative of the maximum is split half and half.
        const Real old_share = before.halted > halt ? Real(1) : before.halted < halt ? Real(0) : Real(0.5);
        adjoint.halted += halted_adjoint * old_share;
        halt_adjoint = halted_adjoint * (1 - old_share);
    }
    if (halt_ >= 0) d.instruction[at(halt_)] += halt_adjoint;

    // Output, register look-up, controller.
    output_adjoint(s, before, d.output, d, adjoint);
    for (int x = 0; x < b; ++x) d.value1[at(x)] += d.address[at(x % c.cells)];
    weighted_rows_adjoint(s.first, before.registers, d.value1, d.first, adjoint.registers);
    weighted_rows_adjoint(s.second, before.registers, d.value2, d.second, adjoint.registers);
    head_adjoint(weights, before.line, layout_.instruction, s.instruction, d.instruction, adjoint.line,
                 gradient);
    head_adjoint(weights, before.line, layout_.first, s.first, d.first, adjoint.line, gradient);
    head_adjoint(weights, before.line, layout_.second, s.second, d.second, adjoint.line, gradient);
    head_adjoint(weights, before.line, layout_.destination, s.destination, d.destination, adjoint.line,
                 gradient);
    if (c.switches.target == Target::line)
        head_adjoint(weights, before.line, layout_.target, s.target, d.target, adjoint.line, gradient);
    return adjoint;
}

template<class Real>
Tape<Real> Machine<Real>::forward(std::span<const Real> weights, const Example& example, long steps) const {
    Tape<Real> tape;
    tape.states.push_back(initial_state(example));
    for (long t = 0; t < steps; ++t) {
        Step<Real> record;
        State<Real> next = step(weights, tape.states.back(), record);
        tape.steps.push_back(std::move(record));
        tape.states.push_back(std::move(next));
    }
    return tape;
}

template<class Real>
void Machine<Real>::backward(std::span<const Real> weights, const Tape<Real>& tape,
                             StateAdjoints<Real>& adjoints, std::span<Real> gradient) const {
    for (std::size_t t = tape.steps.size(); t-- > 0;)
        add(adjoints[t], step_adjoint(weights, tape.steps[t], tape.states[t], tape.states[t + 1],
                                      adjoints[t + 1], gradient));
}

namespace {

/// Whether some other value of a row is at least as probable as the expected one, or the row is not a number.
template<class Real>
bool is_mistaken(const Real* row, int width, int expected) {
    for (int x = 0; x < width; ++x)
        if (x != expected && !(row[expected] > row[x])) return true;
    return false;
}

/// Mean over scored rows of the error of a distribution; adds `weight` times its derivative to `adjoint`.
template<class Real>
Real correctness(const std::vector<Real>& rows, const std::vector<int>& expected, int width,
                 Loss::Correctness kind, Real weight, std::vector<Real>* adjoint) {
    const auto scored =
        std::count_if(expected.begin(), expected.end(), [](int v) { return v != not_scored; });
    if (scored == 0) return 0;
    Real sum = 0;
    const Real share = Real{1} / static_cast<Real>(scored);
    for (std::size_t r = 0; r < expected.size(); ++r) {
        if (expected[r] == not_scored) continue;
        if (kind == Loss::Correctness::mistakes) {
            if (is_mistaken(rows.data() + r * at(width), width, expected[r])) sum += 1;
            continue;
        }
        for (int x = 0; x < width; ++x) {
            const std::size_t i = r * at(width) + at(x);
            const bool right = x == expected[r];
            if (kind == Loss::Correctness::cross_entropy) {
                if (!right) continue;
                const Real p = rows[i] + static_cast<Real>(probability_floor);
                sum -= std::log(p);
                if (adjoint != nullptr) (*adjoint)[i] -= weight * share / p;
            } else {
                const Real error = rows[i] - (right ? Real{1} : Real{0});
                sum += error * error;
                if (adjoint != nullptr) (*adjoint)[i] += weight * share * 2 * error;
            }
        }
    }
    return sum * share;
}

/// Weighted correctness of a state; its derivative, times `scale`, is added to `adjoint`.
template<class Real>
Real correctness(const Configuration& c, const Loss& settings, const State<Real>& state,
                 const Example& example, Real scale, State<Real>* adjoint) {
    const Real memory_weight = static_cast<Real>(settings.memory),
               register_weight = static_cast<Real>(settings.registers);
    const Real memory = correctness(state.memory, example.expected_memory, c.base, settings.correctness,
                                    memory_weight * scale, adjoint ? &adjoint->memory : nullptr);
    const Real registers =
        correctness(state.registers, example.expected_registers, c.base, settings.correctness,
                    register_weight * scale, adjoint ? &adjoint->registers : nullptr);
    return memory_weight * memory + register_weight * registers;
}

} // namespace

template<class Real>
Real loss(const Configuration& c, const Loss& settings, const Tape<Real>& tape, const Example& example,
          StateAdjoints<Real>* adjoints) {
    const std::size_t steps = tape.steps.size();
    if (adjoints != nullptr) adjoints->assign(steps + 1, zero_state<Real>(c));
    const auto adjoint = [&](std::size_t t) { return adjoints == nullptr ? nullptr : &(*adjoints)[t]; };

    Real total = correctness(c, settings, tape.states.back(), example, Real{1}, adjoint(steps));
    const Real efficiency =
        static_cast<Real>(settings.efficiency) / static_cast<Real>(std::max<std::size_t>(1, steps));
    const Real confidence = static_cast<Real>(settings.confidence);
    for (std::size_t t = 1; t <= steps; ++t) {
        total += efficiency * (1 - tape.states[t].halted);
        if (adjoints != nullptr) adjoint(t)->halted -= efficiency;
        if (confidence == 0) continue;
        const Real newly_halted = tape.states[t].halted - tape.states[t - 1].halted;
        const Real error =
            correctness(c, settings, tape.states[t], example, confidence * newly_halted, adjoint(t));
        total += confidence * newly_halted * error;
        if (adjoints == nullptr) continue;
        adjoint(t)->halted += confidence * error;
        adjoint(t - 1)->halted -= confidence * error;
    }
    const Real halting = static_cast<Real>(settings.halting);
    total += halting * (1 - tape.states.back().halted);
    if (adjoints != nullptr) adjoint(steps)->halted -= halting;
    return total;
}

template<class Real>
void evaluate(const EvaluationRequest& request, std::span<const Real> weights,
              std::span<const Example> examples, std::span<Real> losses, std::span<Real> gradient) {
    const Machine<Real> machine(request.configuration);
    const std::size_t size = weight_count(request.configuration);
    const Real share = Real{1} / static_cast<Real>(std::max<std::size_t>(1, examples.size()));
    std::vector<Real> program_gradient(size);
    for (std::size_t p = 0; p < losses.size(); ++p) {
        const auto program = weights.subspan(p * size, size);
        std::fill(program_gradient.begin(), program_gradient.end(), Real{0});
        losses[p] = 0;
        for (const Example& example : examples) {
            const Tape<Real> tape = machine.forward(program, example, request.steps);
            StateAdjoints<Real> adjoints;
            losses[p] += share * loss(request.configuration, request.loss, tape, example,
                                      gradient.empty() ? nullptr : &adjoints);
            if (!gradient.empty()) machine.backward(program, tape, adjoints, program_gradient);
        }
        if (gradient.empty()) continue;
        for (std::size_t i = 0; i < size; ++i) gradient[p * size + i] = share * program_gradient[i];
    }
}

template class Machine<float>;
template class Machine<double>;
template float loss(const Configuration&, const Loss&, const Tape<float>&, const Example&,
                    StateAdjoints<float>*);
template double loss(const Configuration&, const Loss&, const Tape<double>&, const Example&,
                     StateAdjoints<double>*);
template void evaluate(const EvaluationRequest&, std::span<const float>, std::span<const Example>,
                       std::span<float>, std::span<float>);
template void evaluate(const EvaluationRequest&, std::span<const double>, std::span<const Example>,
                       std::span<double>, std::span<double>);

} // namespace ropewalk::machine::reference
