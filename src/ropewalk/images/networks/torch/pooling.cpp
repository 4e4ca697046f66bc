#include "ropewalk/images/networks/torch/pooling.hpp"

#include <ATen/Parallel.h>

#include "ropewalk/images/networks/kernels/pooling.hpp"

namespace ropewalk::perception {

namespace {

class PooledRelu : public torch::autograd::Function<PooledRelu> {
public:
    static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& given) {
        const torch::Tensor x = given.contiguous();
        const std::int64_t width = x.size(3) / 2;
        const torch::Tensor result = torch::empty({x.size(0), x.size(1), x.size(2) / 2, width}, x.options());
        const torch::Tensor from = torch::empty(result.sizes(), torch::kUInt8);
        const float* const pixels = x.data_ptr<float>();
        float* const to = result.data_ptr<float>();
        std::uint8_t* const places = from.data_ptr<std::uint8_t>();
        at::parallel_for(0, result.numel() / width, 1024, [&](std::int64_t begin, std::int64_t end) {
            pool_rows(pixels + 4 * begin * width, end - begin, width, to + begin * width,
                      places + begin * width);
        });
        context->save_for_backward({from});
        return result;
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   const torch::autograd::variable_list& gradient) {
        const torch::Tensor from = context->get_saved_variables()[0], given = gradient[0].contiguous();
        const std::int64_t width = from.size(3);
        const torch::Tensor result =
            torch::empty({from.size(0), from.size(1), 2 * from.size(2), 2 * width}, given.options());
        const float* const values = given.data_ptr<float>();
        const std::uint8_t* const places = from.data_ptr<std::uint8_t>();
        float* const to = result.data_ptr<float>();
        at::parallel_for(0, from.numel() / width, 1024, [&](std::int64_t begin, std::int64_t end) {
            pool_rows_adjoint(values + begin * width, places + begin * width, end - begin, width,
                              to + 4 * begin * width);
        });
        return {result};
    }
};

} // namespace

torch::Tensor pooled_relu(const torch::Tensor& x) {
    const bool suits =
        x.device().is_cpu() && x.scalar_type() == torch::kFloat32 && x.size(2) % 2 == 0 && x.size(3) % 2 == 0;
    return suits ? PooledRelu::apply(x) : torch::relu(torch::max_pool2d(x, 2));
}

} // namespace ropewalk::perception
