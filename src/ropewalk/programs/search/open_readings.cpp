#include "ropewalk/programs/search/open_readings.hpp"

namespace ropewalk::search {

namespace {

constexpr std::size_t most_readings = 5;

} // namespace

bool leaves_open(const Choice& choice) {
    return choice.deciding_input && choice.readings[choice.rival].weight >= least_reading_weight;
}

std::vector<Reading> likely_readings(const Choice& choice) {
    std::vector<Reading> likely;
    for (const Reading& reading : choice.readings) {
        if (likely.size() == most_readings || reading.weight < least_reading_weight) break;
        likely.push_back(reading);
    }
    return likely;
}

std::optional<std::vector<int>> outcome(const Reading& reading, const language::Machine& machine,
                                        const std::vector<int>& input) {
    return language::evaluate(reading.program.program, machine, input);
}

} // namespace ropewalk::search
