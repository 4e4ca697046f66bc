#include "ropewalk/formulas/sketch/kernels/executor_dispatch.hpp"

#include <atomic>

#include "ropewalk/formulas/sketch/kernels/sketch_kernels.hpp"

namespace ropewalk::formula {

namespace {

/// Every choice; addresses stay valid, so that the active one is a pointer that threads read without a lock.
const std::vector<SketchKernels>& choices() {
    static const std::vector<SketchKernels> all = [] {
        std::vector<SketchKernels> list = sketch_kernels();
        list.push_back({"reference", &plain::run_executor_task<float>, &plain::run_executor_task<double>,
                        plain::softmax_kernels<float>(), plain::softmax_kernels<double>(), &plain::adam});
        return list;
    }();
    return all;
}

std::atomic<const SketchKernels*>& active_choice() {
    static std::atomic<const SketchKernels*> active =
        &choices()[base::target_from_environment(executor_targets()).value_or(std::size_t{0})];
    return active;
}

} // namespace

const std::vector<std::string>& executor_targets() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const SketchKernels& choice : choices()) list.push_back(choice.name);
        return list;
    }();
    return names;
}

std::string active_executor_target() { return active_choice().load()->name; }

base::Result<std::string> force_executor_target(std::string_view name) {
    const auto index = base::find_target("target", name, executor_targets());
    if (!index) return tl::make_unexpected(index.error());
    active_choice().store(&choices()[*index]);
    return choices()[*index].name;
}

template<>
ExecutorKernel<float> active_executor_kernel<float>() {
    return active_choice().load()->run_float;
}

template<>
ExecutorKernel<double> active_executor_kernel<double>() {
    return active_choice().load()->run_double;
}

template<>
const SoftmaxKernels<float>& active_softmax_kernels<float>() {
    return active_choice().load()->softmax_float;
}

template<>
const SoftmaxKernels<double>& active_softmax_kernels<double>() {
    return active_choice().load()->softmax_double;
}

AdamKernel active_adam_kernel() { return active_choice().load()->adam; }

} // namespace ropewalk::formula
