#include "ropewalk/programs/machine/kernels/dispatch.hpp"

#include <atomic>
#include <type_traits>

#include "ropewalk/programs/machine/kernels/lanes.hpp"
#include "ropewalk/programs/machine/kernels/reference.hpp"
#include "ropewalk/programs/machine/kernels/reference_layer.hpp"

namespace ropewalk::machine {

namespace {

constexpr std::string_view reference_name = "reference";

/// A kernel by name; a null `lanes` is the plain kernel.
struct Choice {
    std::string name;
    const lanes::Kernel* lanes = nullptr;
    const lanes::KernelOf<double>* doubles = nullptr;

    /// By the numbers that it computes with.
    template<class Real>
    const lanes::KernelOf<Real>* kernel_of() const {
        if constexpr (std::is_same_v<Real, float>)
            return lanes;
        else
            return doubles;
    }
};

/// Every choice; addresses stay valid, so that the active one is a pointer that threads read without a lock.
const std::vector<Choice>& choices() {
    static const std::vector<Choice> all = [] {
        std::vector<Choice> list;
        for (std::size_t i = 0; i < lanes::kernels().size(); ++i)
            list.push_back({std::string(lanes::kernels()[i].name), &lanes::kernels()[i],
                            &lanes::double_kernels()[i]});
        list.push_back({std::string(reference_name)});
        return list;
    }();
    return all;
}

base::Result<const Choice*> choice_from_environment() {
    return base::target_from_environment(available_targets()).map([](std::size_t i) {
        return &choices()[i];
    });
}

std::atomic<const Choice*>& active_choice() {
    static std::atomic<const Choice*> active = choice_from_environment().value_or(&choices().front());
    return active;
}

} // namespace

std::vector<std::string> available_targets() {
    std::vector<std::string> names;
    for (const Choice& choice : choices()) names.push_back(choice.name);
    return names;
}

std::string active_target() { return active_choice().load()->name; }

int active_lanes() {
    const lanes::Kernel* const target = active_choice().load()->lanes;
    return target == nullptr ? 1 : target->lane_count;
}

base::Result<std::string> force_target(std::string_view name) {
    const base::Result<std::size_t> index = base::find_target("target", name, available_targets());
    if (!index) return tl::make_unexpected(index.error());
    const Choice& choice = choices()[*index];
    active_choice().store(&choice);
    return choice.name;
}

base::Result<std::string> target_from_environment() {
    return choice_from_environment().map([](const Choice* choice) { return choice->name; });
}

void evaluate_on_active_target(const EvaluationRequest& request, std::span<const float> weights,
                               std::span<const Example> examples, std::span<float> losses,
                               std::span<float> gradient) {
    const lanes::Kernel* const target = active_choice().load()->lanes;
    if (target == nullptr)
        reference::evaluate<float>(request, weights, examples, losses, gradient);
    else
        lanes::evaluate(*target, request, weights, examples, losses, gradient);
}

template<class Real>
void run_layer_on_active_target(const LayerRequest& request, std::span<const Real> weights,
                                std::span<const Real> memory, std::span<Real> result) {
    const auto* const kernel = active_choice().load()->template kernel_of<Real>();
    if (kernel == nullptr)
        reference::run_layer<Real>(request, weights, memory, result);
    else
        lanes::run_layer<Real>(*kernel, request, weights, memory, result);
}

template<class Real>
void run_layer_adjoint_on_active_target(const LayerRequest& request, std::span<const Real> weights,
                                        std::span<const Real> memory, std::span<const Real> result_adjoint,
                                        std::span<Real> weight_adjoint, std::span<Real> memory_adjoint) {
    const auto* const kernel = active_choice().load()->template kernel_of<Real>();
    if (kernel == nullptr)
        reference::run_layer_adjoint<Real>(request, weights, memory, result_adjoint, weight_adjoint,
                                           memory_adjoint);
    else
        lanes::run_layer_adjoint<Real>(*kernel, request, weights, memory, result_adjoint, weight_adjoint,
                                       memory_adjoint);
}

template void run_layer_on_active_target(const LayerRequest&, std::span<const float>, std::span<const float>,
                                         std::span<float>);
template void run_layer_on_active_target(const LayerRequest&, std::span<const double>,
                                         std::span<const double>, std::span<double>);
template void run_layer_adjoint_on_active_target(const LayerRequest&, std::span<const float>,
                                                 std::span<const float>, std::span<const float>,
                                                 std::span<float>, std::span<float>);
template void run_layer_adjoint_on_active_target(const LayerRequest&, std::span<const double>,
                                                 std::span<const double>, std::span<const double>,
                                                 std::span<double>, std::span<double>);

} // namespace ropewalk::machine
