#include "ropewalk/programs/exports/machine_code.hpp"

namespace ropewalk::exports {

const char* const machine_c_declarations = R"(
/* Where a run stands: distributions over lines, and over 0 to machine_base - 1 for every cell and register. */
typedef struct {
    double line[machine_lines];
    double memory[machine_cells][machine_base];
    double registers[machine_registers][machine_base];
    double halted; /* probability of having halted */
} machine_state;

/* The state before the first step, all memory 0. Other memory is put into state->memory. */
void machine_start(machine_state *state);

/* One step. */
void machine_step(machine_state *state);

/* As many steps as the program is meant to run for. */
void machine_run(machine_state *state);

/* Says for sure what stands in a cell; the most probable value of a cell. */
void machine_set(machine_state *state, int cell, int value);
int machine_value(const machine_state *state, int cell);

#endif
)";

const char* const machine_c_functions = R"(
/* What an instruction makes of x and y; -1 where it makes nothing of them. */
static int made_of(int instruction, int x, int y) {
    switch (instruction) {
    case op_zero: return 0;
    case op_mov: return x;
    case op_inc: return (x + 1) % machine_base;
    case op_dec: return (x + machine_base - 1) % machine_base;
    case op_add: return (x + y) % machine_base;
    case op_sub: return (x - y + machine_base) % machine_base;
    case op_mul: return x * y % machine_base;
    case op_div: return y == 0 ? 0 : x / y;
    case op_mod: return y == 0 ? 0 : x % y;
    case op_min: return x < y ? x : y;
    case op_max: return x > y ? x : y;
    case op_eq: return x == y;
    case op_lt: return x < y;
    default: return -1;
    }
}

static void softmax(double *values, int width) {
    double largest = values[0], sum = 0;
    for (int i = 1; i < width; ++i)
        if (values[i] > largest) largest = values[i];
    for (int i = 0; i < width; ++i) sum += values[i] = exp(values[i] - largest);
    for (int i = 0; i < width; ++i) values[i] /= sum;
}

/* A choice of the controller: what `width` columns of the weights from `at` say, mixed over the lines. */
static void choose(const double *line, int at, int width, double *choice) {
    double row[column_count];
    for (int c = 0; c < width; ++c) choice[c] = 0;
    for (int l = 0; l < machine_lines; ++l) {
        for (int c = 0; c < width; ++c) row[c] = weights[l][at + c];
        if (mixes_probabilities) softmax(row, width);
        for (int c = 0; c < width; ++c) choice[c] += line[l] * row[c];
    }
    if (!mixes_probabilities) softmax(choice, width);
}

static double probability_of(int instruction, const double *choice) {
    for (int k = 0; k < instruction_count; ++k)
        if (instructions[k] == instruction) return choice[k];
    return 0;
}

/* The value in the register that is chosen. */
static void look_up(const double *choice, double registers[machine_registers][machine_base], double *value) {
    for (int x = 0; x < machine_base; ++x) value[x] = 0;
    for (int r = 0; r < machine_registers; ++r)
        for (int x = 0; x < machine_base; ++x) value[x] += choice[r] * registers[r][x];
}

/* What the instructions make of two values and of memory, and how probable it is that they make a value. */
static double work_out(const double *choice, const double *first, const double *second, const double *address,
                       double memory[machine_cells][machine_base], double *output) {
    double share = 0;
    for (int x = 0; x < machine_base; ++x) output[x] = 0;
    for (int k = 0; k < instruction_count; ++k) {
        if (instructions[k] == op_read) {
            share += choice[k];
            for (int a = 0; a < machine_cells; ++a)
                for (int x = 0; x < machine_base; ++x) output[x] += choice[k] * address[a] * memory[a][x];
        } else if (made_of(instructions[k], 0, 0) >= 0) {
            share += choice[k];
            for (int x = 0; x < machine_base; ++x)
                for (int y = 0; y < machine_base; ++y)
                    output[made_of(instructions[k], x, y)] += choice[k] * first[x] * second[y];
        }
    }
    return share;
}

/* Where a jump goes. `second` is the choice of the second register, `value` what stands there. */
static void aim(const double *line, const double *second, const double *value, double *target) {
    if (jumps_to == line_of_its_own) {
        choose(line, target_at, machine_lines, target);
        return;
    }
    for (int l = 0; l < machine_lines; ++l) target[l] = 0;
    if (jumps_to == line_in_register)
        for (int x = 0; x < machine_base; ++x) target[x % machine_lines] += value[x];
    else
        for (int r = 0; r < machine_registers; ++r) target[r % machine_lines] += second[r];
}

/* row + amount * (value - share * row) */
static void blend(double *row, const double *value, double amount, double share) {
    for (int x = 0; x < machine_base; ++x) row[x] += amount * (value[x] - share * row[x]);
}

void machine_step(machine_state *state) {
    double instruction[instruction_count], first[machine_registers], second[machine_registers],
        destination[machine_registers], value1[machine_base], value2[machine_base], address[machine_cells] = {0},
        output[machine_base], target[machine_lines], next[machine_lines];
    choose(state->line, 0, instruction_count, instruction);
    choose(state->line, first_at, machine_registers, first);
    choose(state->line, second_at, machine_registers, second);
    choose(state->line, destination_at, machine_registers, destination);
    look_up(first, state->registers, value1);
    look_up(second, state->registers, value2);
    for (int x = 0; x < machine_base; ++x) address[x % machine_cells] += value1[x];
    double share = work_out(instruction, value1, value2, address, state->memory, output);
    aim(state->line, second, value2, target);

    const double halt = probability_of(op_halt, instruction);
    if (!halts_by_maximum)
        state->halted += (1 - state->halted) * halt;
    else if (halt > state->halted)
        state->halted = halt;
    const double keep = freezes ? 1 - state->halted : 1;

    if (writes_zero) output[0] += 1 - share;
    if (!conserves_mass) share = 1;
    for (int r = 0; r < machine_registers; ++r) blend(state->registers[r], output, keep * destination[r], share);
    const double write = keep * probability_of(op_write, instruction);
    for (int a = 0; a < machine_cells; ++a) blend(state->memory[a], value2, write * address[a], 1);

    const double jump = probability_of(op_jump, instruction) * value1[0];
    for (int l = 0; l < machine_lines; ++l) {
        const double advanced = state->line[(l + machine_lines - 1) % machine_lines];
        next[l] = state->line[l] + keep * (advanced + jump * (target[l] - advanced) - state->line[l]);
    }
    for (int l = 0; l < machine_lines; ++l) state->line[l] = next[l];
}

void machine_start(machine_state *state) {
    static const machine_state nothing;
    *state = nothing;
    state->line[0] = 1;
    for (int a = 0; a < machine_cells; ++a) state->memory[a][0] = 1;
    for (int r = 0; r < machine_registers; ++r) state->registers[r][initial_registers[r]] = 1;
}

void machine_run(machine_state *state) {
    for (long step = 0; step < machine_steps; ++step) machine_step(state);
}

void machine_set(machine_state *state, int cell, int value) {
    for (int x = 0; x < machine_base; ++x) state->memory[cell][x] = x == value;
}

int machine_value(const machine_state *state, int cell) {
    int best = 0;
    for (int x = 1; x < machine_base; ++x)
        if (state->memory[cell][x] > state->memory[cell][best]) best = x;
    return best;
}
)";

const char* const machine_c_self_test = R"(
static double largest_difference(const double *found, const double *expected, int count, double largest) {
    for (int i = 0; i < count; ++i)
        if (!(fabs(found[i] - expected[i]) <= largest)) largest = isnan(found[i]) ? HUGE_VAL : fabs(found[i] - expected[i]);
    return largest;
}

int main(void) {
    double difference = 0;
    for (int v = 0; v < vector_count; ++v) {
        machine_state state;
        machine_start(&state);
        for (int a = 0; a < machine_cells; ++a)
            for (int x = 0; x < machine_base; ++x) state.memory[a][x] = vectors[v].memory[a * machine_base + x];
        for (int step = 0; step < vector_steps; ++step) machine_step(&state);
        difference = largest_difference(state.memory[0], vectors[v].result, machine_cells * machine_base, difference);
        difference = largest_difference(state.registers[0], vectors[v].registers, machine_registers * machine_base, difference);
        difference = largest_difference(&state.halted, &vectors[v].halted, 1, difference);
    }
    printf("%d test vectors, largest difference %.3g\n", vector_count, difference);
    return difference <= 1e-5 ? 0 : 1;
}
#endif
)";

} // namespace ropewalk::exports
