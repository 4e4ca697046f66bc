#include "ropewalk/perception/torch/posterior.hpp"

namespace ropewalk::perception {

namespace {

torch::Tensor tensor_of(const std::vector<double>& values, torch::IntArrayRef shape, torch::Dtype type,
                        torch::Device device) {
    return torch::tensor(values, torch::kFloat64).reshape(shape).to(device, type);
}

/// E[s^k] for k = 0..degree, [degree + 1, images].
torch::Tensor moments_of(const Symbols& symbols, int degree) {
    std::vector<torch::Tensor> moments{torch::ones_like(symbols.mean)};
    for (int k = 1; k <= degree; ++k) {
        torch::Tensor next = symbols.mean * moments.back();
        if (k > 1) next = next + (k - 1) * symbols.variance * moments[static_cast<std::size_t>(k - 2)];
        moments.push_back(next);
    }
    return torch::stack(moments);
}

} // namespace

PosteriorTables posterior_tables(const EngineOptions& options, torch::Dtype type, torch::Device device) {
    const MonomialTable& pool = options.pool;
    const auto monomials = static_cast<std::int64_t>(pool.monomials);
    PosteriorTables tables;
    tables.degree = pool.degree;
    tables.coefficients = tensor_of(pool.coefficients, {-1, monomials}, type, device);
    const auto variables = static_cast<std::size_t>(pool.variables), powers = std::size_t(pool.degree) + 1;
    for (std::size_t v = 0; v < variables; ++v) {
        std::vector<double> selector(pool.monomials * powers);
        for (std::size_t m = 0; m < pool.monomials; ++m)
            selector[m * powers + static_cast<std::size_t>(pool.exponents[m * variables + v])] = 1;
        tables.selectors.push_back(tensor_of(selector, {monomials, -1}, type, device));
    }
    tables.scale = 1 / tensor_of(options.sigma, {-1, 1}, type, device);
    return tables;
}

torch::Tensor expected_monomials(const PosteriorTables& tables, const Symbols& symbols,
                                 const torch::Tensor& rows_of_images) {
    const torch::Tensor moments = moments_of(symbols, tables.degree);
    torch::Tensor product;
    for (std::size_t v = 0; v < tables.selectors.size(); ++v) {
        const torch::Tensor images = rows_of_images.select(1, static_cast<std::int64_t>(v));
        const torch::Tensor powers = tables.selectors[v].matmul(moments).index_select(1, images);
        product = v == 0 ? powers : product * powers;
    }
    return product;
}

PosteriorLoss posterior_loss(const PosteriorTables& tables, const torch::Tensor& monomials,
                             const torch::Tensor& y, double temperature) {
    const auto rows = static_cast<double>(y.size(1));
    const torch::Tensor& coefficients = tables.coefficients;
    const torch::Tensor scaled = y * tables.scale;
    // |y - p|^2 = |y|^2 - 2 y.p + |p|^2 with p = coefficients x monomials: the sums over the rows are taken
    // on the few monomials, before the many formulas come in.
    const torch::Tensor cross = scaled.matmul(monomials.t()) / rows;
    const torch::Tensor gram = monomials.matmul(monomials.t()) / rows;
    PosteriorLoss result;
    {
        const torch::NoGradGuard no_gradient;
        const torch::Tensor squares = (coefficients.matmul(gram) * coefficients).sum(1);
        const torch::Tensor scale_squared = tables.scale * tables.scale;
        result.errors =
            torch::addmm(scale_squared * squares.unsqueeze(0), cross * tables.scale, coefficients.t(), 1, -2);
        result.errors += scaled.square().mean(1, true);
        const torch::Tensor scores = result.errors / -temperature;
        const torch::Tensor best = std::get<0>(scores.max(1, true));
        const torch::Tensor weights = (scores - best).exp_();
        const torch::Tensor sums = weights.sum(1, true);
        result.loss = -temperature * (best + sums.log()).mean().item<double>();
        // d loss / d E[t, f] is the posterior over the number of tasks; from here on E's two parts are
        // linear.
        const torch::Tensor share = weights / (sums * static_cast<double>(y.size(0)));
        const torch::Tensor cross_gradient = share.matmul(coefficients) * tables.scale * -2;
        const torch::Tensor of_squares = (share * scale_squared).sum(0);
        const torch::Tensor gram_gradient = (coefficients * of_squares.unsqueeze(1)).t().matmul(coefficients);
        result.errors = result.errors.contiguous();
        const torch::AutoGradMode gradient(true);
        result.surrogate = (cross_gradient * cross).sum() + (gram_gradient * gram).sum();
    }
    return result;
}

torch::Tensor chosen_loss(const PosteriorTables& tables, const torch::Tensor& monomials,
                          const torch::Tensor& y, const torch::Tensor& formulas) {
    const torch::Tensor values = tables.coefficients.index_select(0, formulas).matmul(monomials);
    return ((values - y) * tables.scale).square().mean();
}

} // namespace ropewalk::perception
