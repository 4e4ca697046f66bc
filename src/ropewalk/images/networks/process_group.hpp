// Processes that learn together, on one machine or on several, started by `torchrun` or whatever sets its
// environment.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/images/networks/tensors.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::perception {

/// One of `size` processes, a power of two. All of them call the same functions in the same order; a process
/// that is gone makes the others' calls fail.
class ProcessGroup {
public:
    ProcessGroup() = default;
    ProcessGroup(const ProcessGroup&) = delete;
    ProcessGroup& operator=(const ProcessGroup&) = delete;
    virtual ~ProcessGroup() = default;

    virtual std::size_t rank() const = 0; ///< 0..size - 1
    virtual std::size_t size() const = 0;

    /// Replaces the values by their sums over all processes, which give equally many. They are added in
    /// pairs, pairs of pairs and so on, in order of rank.
    virtual base::Status sum(std::span<float> values) = 0;

    /// What every process gives, one after the other in order of rank; all give equally many.
    virtual base::Result<std::vector<double>> gather(std::span<const double> values) = 0;

    /// Bytes of process 0 in place of the others'.
    virtual base::Status broadcast(std::string& bytes) = 0;

    /// Whether this process writes files and tells people.
    bool leads() const { return rank() == 0; }
};

/// A process that learns by itself.
std::shared_ptr<ProcessGroup> no_others();

/// The processes that `torchrun` has started: RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT say which. By
/// itself where there is no WORLD_SIZE, or it is 1. Waits for all of them, a minute at most. Fails where the
/// environment is bad, their number is no power of two, somebody does not come, or Ropewalk was built without
/// gloo.
base::Result<std::shared_ptr<ProcessGroup>> process_group_of_environment();

/// Whether somebody has started several processes.
bool has_other_processes();

/// A step's batch in `ranks` parts, its virtual ranks, of which every process has an equal number; 0 ranks:
/// in one. Results depend on the ranks and not on the processes.
StepParts parts_of(const ProcessGroup& group, std::size_t ranks);

/// Fails unless ranks are a power of two that the processes can share, or 0 and there is one process.
base::Status checked_ranks(const ProcessGroup& group, std::size_t ranks);

/// load_tensors_of by the process that leads, from which the others have it; nothing where its path is empty.
/// The others' settings and paths do not matter.
base::Result<std::optional<TensorFile>>
load_tensors_together(ProcessGroup& group, const std::string& settings, const std::string& path,
                      const std::string& format, const std::string& kind);

} // namespace ropewalk::perception
