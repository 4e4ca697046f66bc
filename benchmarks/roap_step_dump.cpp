// Writes a few training steps with everything they depend on, for the PyTorch peer to repeat:
// `ropewalk_roap_step_dump FILE`, in the safetensors layout.
#include <fmt/format.h>

#include "benchmarks/roap_step_case.hpp"

namespace {

using namespace ropewalk;
using namespace ropewalk::perception;

template<class Values>
Tensor tensor(std::vector<std::int64_t> shape, const Values& values) {
    Tensor result{std::move(shape), {}};
    for (const auto value : values) result.values.push_back(static_cast<float>(value));
    return result;
}

base::Result<TensorFile> dump() {
    StepSizes sizes;
    sizes.tasks = 20, sizes.images = 24, sizes.rows = 32, sizes.pairs = 12, sizes.lines = 30;
    auto made = step_case(sizes, 1);
    if (!made) return base::failure(made.error());
    const auto size = [](std::size_t count) { return static_cast<std::int64_t>(count); };
    const std::size_t choices = formula::SketchShape{3, sizes.lines}.choices();
    TensorFile file;
    for (const auto& [name, weights] : made->engine->weights().tensors) file.tensors[name] = weights;
    file.tensors["pixels"] = tensor({size(sizes.images), 1, 28, 28}, made->batch.pixels);
    const datasets::PixelStatistics statistics = datasets::pixel_statistics(made->problem.dataset.train);
    file.tensors["statistics"] =
        tensor({2}, std::vector<double>{statistics.mean[0], statistics.deviation[0]});
    file.tensors["rows"] = tensor({size(sizes.rows), 3}, made->batch.rows_of_images);
    file.tensors["y"] = tensor({size(sizes.tasks), size(sizes.rows)}, made->batch.y);
    file.tensors["sigma"] = tensor({size(sizes.tasks)}, made->problem.sigma);
    file.tensors["sizes"] = tensor({2}, std::vector<std::size_t>{sizes.pairs, std::size_t(sizes.lines)});
    std::vector<float> noise(sizes.tasks * choices), all_noise;
    std::vector<double> losses;
    for (made->options.index = 0; made->options.index < 4; ++made->options.index) {
        formula::gumbel_noise<float>(made->options.seed, made->options.index, noise);
        all_noise.insert(all_noise.end(), noise.begin(), noise.end());
        const auto report = made->engine->step(made->batch, made->options);
        if (!report) return base::failure(report.error());
        losses.push_back(report->loss);
    }
    file.tensors["noise"] = tensor({4, size(sizes.tasks), size(choices)}, all_noise);
    file.tensors["losses"] = tensor({4}, losses);
    return file;
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        fmt::print(stderr, "usage: ropewalk_roap_step_dump FILE\n");
        return 2;
    }
    const auto written = dump().and_then([&](const TensorFile& file) {
        return base::write_file(arguments[1], to_safetensors(file), base::Overwrite::allow);
    });
    if (written) return 0;
    fmt::print(stderr, "{}", base::render(written.error()));
    return 1;
}
