#include "ropewalk/images/networks/torch/posterior.hpp"

#include "ropewalk/images/identification/identification.hpp"

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

void add_pairs(PosteriorTables& tables) {
    const std::int64_t monomials = tables.coefficients.size(1);
    std::vector<std::int64_t> places;
    std::vector<torch::Tensor> coefficients;
    for (std::int64_t i = 0; i < monomials; ++i)
        for (std::int64_t j = i; j < monomials; ++j) {
            const torch::Tensor product = tables.coefficients.select(1, i) * tables.coefficients.select(1, j);
            if (!product.any().item<bool>()) continue;
            places.push_back(i * monomials + j);
            coefficients.push_back(i == j ? product : 2 * product);
        }
    tables.pairs = torch::tensor(places, torch::kInt64).to(tables.coefficients.device());
    tables.pair_coefficients = torch::stack(coefficients);
}

/// Mean over the rows of the products of two monomials each: [tasks, pairs] where tasks have rows of their
/// own, else [monomials, monomials].
torch::Tensor mean_products(const PosteriorTables& tables, const torch::Tensor& monomials, double rows) {
    if (monomials.dim() == 2) return monomials.matmul(monomials.t()) / rows;
    const torch::Tensor products = torch::bmm(monomials, monomials.transpose(1, 2)).flatten(1);
    return products.index_select(1, tables.pairs) / rows;
}

/// Mean squares of all formulas from these products: [tasks, formulas] or [1, formulas].
torch::Tensor mean_squares(const PosteriorTables& tables, const torch::Tensor& products, bool own_rows) {
    if (own_rows) return products.matmul(tables.pair_coefficients);
    return (tables.coefficients.matmul(products) * tables.coefficients).sum(1).unsqueeze(0);
}

/// The derivative of the sum of weights [tasks, formulas] times mean_squares, by the products.
torch::Tensor product_gradient(const PosteriorTables& tables, const torch::Tensor& weights, bool own_rows) {
    if (own_rows) return weights.matmul(tables.pair_coefficients.t());
    const torch::Tensor of_squares = weights.sum(0);
    return (tables.coefficients * of_squares.unsqueeze(1)).t().matmul(tables.coefficients);
}

/// Mean over the rows of outputs times monomials, [tasks, monomials].
torch::Tensor mean_cross(const torch::Tensor& monomials, const torch::Tensor& y, double rows) {
    if (monomials.dim() == 2) return y.matmul(monomials.t()) / rows;
    return torch::bmm(monomials, y.unsqueeze(2)).squeeze(2) / rows;
}

} // namespace

PosteriorTables posterior_tables(const EngineOptions& options, torch::Dtype type, torch::Device device) {
    const identification::MonomialTable& pool = options.pool;
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
    if (options.private_images) add_pairs(tables);
    return tables;
}

torch::Tensor expected_monomials(const PosteriorTables& tables, const Symbols& symbols,
                                 const torch::Tensor& rows_of_images) {
    const torch::Tensor moments = moments_of(symbols, tables.degree);
    torch::Tensor product;
    for (std::size_t v = 0; v < tables.selectors.size(); ++v) {
        const torch::Tensor images = rows_of_images.select(-1, static_cast<std::int64_t>(v)).flatten();
        const torch::Tensor powers = tables.selectors[v].matmul(moments).index_select(1, images);
        product = v == 0 ? powers : product * powers;
    }
    if (rows_of_images.dim() == 2) return product;
    return product.unflatten(1, {rows_of_images.size(0), rows_of_images.size(1)}).transpose(0, 1);
}

PosteriorSums posterior_sums(const PosteriorTables& tables, const torch::Tensor& monomials,
                             const TaskOutputs& outputs) {
    const auto rows = static_cast<double>(outputs.y.size(1));
    const torch::Tensor scaled = outputs.y * outputs.scale;
    // |y - p|^2 = |y|^2 - 2 y.p + |p|^2 with p = coefficients x monomials: the sums over the rows are taken
    // on the few monomials, before the many formulas come in.
    return {.cross = mean_cross(monomials, scaled, rows),
            .products = mean_products(tables, monomials, rows),
            .squares = scaled.square().mean(1, true),
            .own_rows = monomials.dim() == 3};
}

PosteriorLoss posterior_loss(const PosteriorTables& tables, const PosteriorSums& sums, const torch::Tensor& scale,
                             double temperature) {
    const torch::NoGradGuard no_gradient;
    const torch::Tensor& coefficients = tables.coefficients;
    PosteriorLoss result;
    const torch::Tensor scale_squared = scale * scale;
    result.errors = torch::addmm(scale_squared * mean_squares(tables, sums.products, sums.own_rows),
                                 sums.cross * scale, coefficients.t(), 1, -2);
    result.errors += sums.squares;
    const torch::Tensor scores = result.errors / -temperature;
    const torch::Tensor best = std::get<0>(scores.max(1, true));
    const torch::Tensor weights = (scores - best).exp_();
    const torch::Tensor total = weights.sum(1, true);
    result.loss = -temperature * (best + total.log()).mean().item<double>();
    // d loss / d E[t, f] is the posterior over the number of tasks; from here on E's two parts are linear.
    const torch::Tensor share = weights / (total * static_cast<double>(scale.size(0)));
    result.by_cross = share.matmul(coefficients) * scale * -2;
    result.by_products = product_gradient(tables, share * scale_squared, sums.own_rows);
    result.errors = result.errors.contiguous();
    return result;
}

torch::Tensor surrogate(const PosteriorLoss& loss, const PosteriorSums& sums) {
    return (loss.by_cross * sums.cross).sum() + (loss.by_products * sums.products).sum();
}

torch::Tensor chosen_loss(const PosteriorTables& tables, const torch::Tensor& monomials,
                          const TaskOutputs& outputs, const torch::Tensor& formulas) {
    const torch::Tensor chosen = tables.coefficients.index_select(0, formulas);
    const torch::Tensor values = monomials.dim() == 2 ? chosen.matmul(monomials)
                                                      : torch::bmm(chosen.unsqueeze(1), monomials).squeeze(1);
    return ((values - outputs.y) * outputs.scale).square().mean();
}

} // namespace ropewalk::perception
