#include "ropewalk/perception/torch/pooling.hpp"

#include <ATen/Parallel.h>

namespace ropewalk::perception {

namespace {

/// Two rows of pixels to a row of results; `from` says which of four pixels is the largest, the first of
/// equals, and 4 where none is positive. What is not a number stays so.
void pool_row(const float* upper, const float* lower, std::int64_t width, float* to, std::uint8_t* from) {
    for (std::int64_t i = 0; i < width; ++i) {
        const float a = upper[2 * i], b = upper[2 * i + 1], c = lower[2 * i], d = lower[2 * i + 1];
        const bool second = b > a, fourth = d > c;
        const float top = second ? b : a, bottom = fourth ? d : c;
        const bool below = bottom > top;
        const float largest = below ? bottom : top;
        to[i] = largest < 0 ? 0 : largest;
        const int place = below ? 2 + fourth : static_cast<int>(second);
        from[i] = static_cast<std::uint8_t>(largest > 0 ? place : 4);
    }
}

void spread_row(const float* gradient, const std::uint8_t* from, std::int64_t width, float* upper,
                float* lower) {
    for (std::int64_t i = 0; i < width; ++i) {
        const float value = gradient[i];
        const std::uint8_t place = from[i];
        upper[2 * i] = place == 0 ? value : 0;
        upper[2 * i + 1] = place == 1 ? value : 0;
        lower[2 * i] = place == 2 ? value : 0;
        lower[2 * i + 1] = place == 3 ? value : 0;
    }
}

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
            for (std::int64_t row = begin; row < end; ++row)
                pool_row(pixels + 4 * row * width, pixels + (4 * row + 2) * width, width, to + row * width,
                         places + row * width);
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
            for (std::int64_t row = begin; row < end; ++row)
                spread_row(values + row * width, places + row * width, width, to + 4 * row * width,
                           to + (4 * row + 2) * width);
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
