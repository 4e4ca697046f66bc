#include "ropewalk/images/networks/torch/sketch_loss.hpp"

namespace ropewalk::perception {

namespace {

template<class Real>
std::span<Real> span_of(const torch::Tensor& tensor) {
    if (!tensor.defined()) return {};
    return {tensor.data_ptr<Real>(), static_cast<std::size_t>(tensor.numel())};
}

torch::Tensor on_processor(const torch::Tensor& tensor) {
    return tensor.defined() ? tensor.detach().to(torch::kCPU).contiguous() : tensor;
}

struct Differentiated {
    torch::Tensor loss, logit_gradient, symbol_gradient;
};

template<class Real>
Differentiated differentiated(const torch::Tensor& logits, const torch::Tensor& symbols,
                              const SketchLossData& data) {
    const torch::Tensor z = on_processor(logits), s = on_processor(symbols), y = on_processor(data.y),
                        sigma = on_processor(data.sigma), noise = on_processor(data.noise);
    Differentiated result{torch::Tensor(), torch::empty_like(z), torch::empty_like(s)};
    const auto tasks = static_cast<std::size_t>(z.size(0));
    std::vector<Real> losses(tasks), lengths(tasks);
    std::vector<unsigned char> finite(tasks);
    const auto loss = formula::sketch_loss<Real>({.shape = data.shape,
                                                  .tasks = tasks,
                                                  .rows = static_cast<std::size_t>(s.size(0)),
                                                  .logits = span_of<Real>(z),
                                                  .symbols = span_of<Real>(s),
                                                  .targets = span_of<Real>(y),
                                                  .sigma = span_of<Real>(sigma),
                                                  .noise = span_of<Real>(noise),
                                                  .threads = data.threads},
                                                 data.relaxation, data.prior,
                                                 {.data = losses,
                                                  .length = lengths,
                                                  .logit_gradient = span_of<Real>(result.logit_gradient),
                                                  .symbol_gradient = span_of<Real>(result.symbol_gradient),
                                                  .finite = finite});
    TORCH_CHECK(loss, loss ? "" : base::render(loss.error()));
    result.loss = torch::tensor(*loss, z.options());
    return result;
}

class SketchLoss : public torch::autograd::Function<SketchLoss> {
public:
    static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& logits,
                                 const torch::Tensor& symbols, const SketchLossData* data) {
        const Differentiated result = logits.scalar_type() == torch::kFloat64
                                          ? differentiated<double>(logits, symbols, *data)
                                          : differentiated<float>(logits, symbols, *data);
        context->save_for_backward(
            {result.logit_gradient.to(logits.device()), result.symbol_gradient.to(symbols.device())});
        return result.loss.to(logits.device());
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   const torch::autograd::variable_list& gradient) {
        const auto saved = context->get_saved_variables();
        return {saved[0] * gradient[0], saved[1] * gradient[0], torch::Tensor()};
    }
};

} // namespace

torch::Tensor sketch_loss(const torch::Tensor& logits, const torch::Tensor& symbols,
                          const SketchLossData& data) {
    return SketchLoss::apply(logits, symbols, &data);
}

} // namespace ropewalk::perception
