#include "ropewalk/images/networks/torch/point_features.hpp"

#include "ropewalk/images/networks/kernels/point_features.hpp"

namespace ropewalk::perception {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// The pointers of a network's ten tensors, in the order of the perceptron's parameters.
template<class Pointer>
PointLayers<Pointer> layers_of(const variable_list& tensors) {
    const auto pointer = [&](std::size_t i) -> Pointer { return tensors[i].data_ptr<float>(); };
    PointLayers<Pointer> layers;
    layers.inputs = static_cast<std::size_t>(tensors[0].size(1));
    layers.features = static_cast<std::size_t>(tensors[0].size(0));
    layers.weight1 = pointer(0), layers.bias1 = pointer(1), layers.scale1 = pointer(2),
    layers.shift1 = pointer(3);
    layers.weight2 = pointer(4), layers.bias2 = pointer(5), layers.scale2 = pointer(6),
    layers.shift2 = pointer(7);
    layers.weight3 = pointer(8), layers.bias3 = pointer(9);
    return layers;
}

PointSets sets_of(const torch::Tensor& points) {
    return {static_cast<std::size_t>(points.size(0)), static_cast<std::size_t>(points.size(1)),
            points.data_ptr<float>()};
}

std::uint32_t* indices_of(const torch::Tensor& which) {
    return reinterpret_cast<std::uint32_t*>(which.data_ptr<std::int32_t>());
}

class LargestFeatures : public torch::autograd::Function<LargestFeatures> {
public:
    /// Behind the points a perceptron's parameters, in their order.
    static torch::Tensor forward(AutogradContext* context, const torch::Tensor& given,
                                 const torch::Tensor& weight1, const torch::Tensor& bias1,
                                 const torch::Tensor& scale1, const torch::Tensor& shift1,
                                 const torch::Tensor& weight2, const torch::Tensor& bias2,
                                 const torch::Tensor& scale2, const torch::Tensor& shift2,
                                 const torch::Tensor& weight3, const torch::Tensor& bias3) {
        const variable_list parameters{weight1, bias1,  scale1, shift1,  weight2,
                                       bias2,   scale2, shift2, weight3, bias3};
        const torch::Tensor points = given.contiguous();
        const std::vector<std::int64_t> shape{points.size(0), parameters[0].size(0)};
        const torch::Tensor largest = torch::empty(shape, torch::kFloat32),
                            which = torch::empty(shape, torch::kInt32);
        point_features(layers_of<const float*>(parameters), sets_of(points), at::get_num_threads(),
                       largest.data_ptr<float>(), indices_of(which));
        variable_list saved{points, which};
        saved.insert(saved.end(), parameters.begin(), parameters.end());
        context->save_for_backward(saved);
        context->saved_data["points have gradients"] = given.requires_grad();
        return largest;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradient) {
        const variable_list saved = context->get_saved_variables();
        const variable_list parameters(saved.begin() + 2, saved.end());
        variable_list results;
        const bool has_input_gradient = context->saved_data["points have gradients"].toBool();
        results.push_back(has_input_gradient ? torch::empty_like(saved[0]) : torch::Tensor());
        for (const torch::Tensor& parameter : parameters) results.push_back(torch::empty_like(parameter));
        const torch::Tensor largest = gradient[0].contiguous();
        point_features_adjoint(layers_of<const float*>(parameters), sets_of(saved[0]),
                               largest.data_ptr<float>(), indices_of(saved[1]), at::get_num_threads(),
                               layers_of<float*>({results.begin() + 1, results.end()}),
                               has_input_gradient ? results[0].data_ptr<float>() : nullptr);
        return results;
    }
};

} // namespace

torch::Tensor largest_features(torch::nn::Sequential& perceptron, const torch::Tensor& points) {
    const variable_list parameters = perceptron->parameters();
    const bool suits = points.device().is_cpu() && points.scalar_type() == torch::kFloat32 &&
                       parameters[0].size(0) % static_cast<std::int64_t>(point_feature_step) == 0;
    if (suits)
        return LargestFeatures::apply(points, parameters[0], parameters[1], parameters[2], parameters[3],
                                      parameters[4], parameters[5], parameters[6], parameters[7],
                                      parameters[8], parameters[9]);
    return std::get<0>(perceptron->forward(points).max(1));
}

} // namespace ropewalk::perception
