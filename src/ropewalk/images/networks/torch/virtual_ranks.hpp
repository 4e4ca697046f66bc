// Virtual ranks: the parts of a step's batch, each on a network with gradients and running statistics of its
// own, so that what they add up to does not depend on the processes that have computed them.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/images/networks/process_group.hpp"

namespace ropewalk::perception {

/// The sum of a power of two of tensors of one shape, added in pairs, pairs of pairs and so on: processes that have
/// added what is theirs go on in the same order.
torch::Tensor sum_in_pairs(std::vector<torch::Tensor> tensors);

/// What one part of a batch says: the mean loss of what it has, and of how much that is.
struct PartLoss {
    torch::Tensor mean; ///< to differentiate
    double loss = 0;    ///< its value
    double weight = 1;
};

/// What all parts say, and the gradient of it in `gradients`, one after the other.
struct WholeLoss {
    double loss = 0;
    double images = 0;
    torch::Tensor gradients, statistics; ///< flat, of parameters and of running statistics
};

/// The parts that this process has, computed one after the other. Where a step has several, libtorch is to have one
/// thread: how sums are split among threads decides how they are rounded.
class VirtualRanks {
public:
    /// `group` may be null where no other process has parts.
    VirtualRanks(const StepParts& parts, std::shared_ptr<ProcessGroup> group)
        : parts_(parts), group_(std::move(group)) {}

    bool is_whole() const { return parts_.all == 1; }
    std::size_t count() const { return parts_.count; }
    std::size_t all() const { return parts_.all; }

    /// Sums over all parts of all processes, by sum_in_pairs. Takes one tensor of this process's parts each,
    /// [numbers]; gives one on the processor.
    base::Result<torch::Tensor> sum(std::vector<torch::Tensor> of_parts) const;

    /// Differentiates the loss of every part, which `of_part` gives for its number, by the parameters of its
    /// network. `images` are those of this process's parts. What parts weigh together is 1.
    base::Result<WholeLoss> differentiate(const std::function<PartLoss(std::size_t)>& of_part,
                                          const std::vector<std::shared_ptr<torch::nn::Module>>& networks,
                                          std::size_t images) const;

private:
    StepParts parts_;
    std::shared_ptr<ProcessGroup> group_;
};

/// Makes a network share another one's parameters, which are of the same shapes.
void share_parameters(torch::nn::Module& network, torch::nn::Module& with);

/// Takes another network's running statistics.
void copy_statistics(torch::nn::Module& network, torch::nn::Module& from);

/// Gives the parameters' gradients and the running statistics what differentiate() has found.
void take(torch::nn::Module& network, const WholeLoss& whole);

} // namespace ropewalk::perception
