// What lowering knows of registers at a place of the code.
#pragma once

#include <map>
#include <set>

namespace ropewalk::language {

/// What holds wherever the code being emitted runs, by register.
struct Facts {
    std::map<int, int> constants;
    /// Variables that have been assigned for certain.
    std::set<int> assigned;

    /// Keeps what holds by both: where two ways meet.
    void merge(const Facts& other) {
        std::erase_if(constants, [&](const auto& entry) {
            const auto found = other.constants.find(entry.first);
            return found == other.constants.end() || found->second != entry.second;
        });
        std::erase_if(assigned, [&](int each) { return !other.assigned.contains(each); });
    }
};

} // namespace ropewalk::language
