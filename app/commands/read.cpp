// ropewalk read: what a run reads images as.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "ropewalk/images/prediction/prediction.hpp"

namespace ropewalk::cli {

namespace {

struct ReadOptions {
    CommonOptions common;
    std::string folder, device = "cpu";
    std::vector<std::string> files;
};

/// Letters of an image, the likeliest first.
std::vector<std::size_t> likeliest_first(std::span<const double> probabilities) {
    std::vector<std::size_t> order(probabilities.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return probabilities[a] > probabilities[b]; });
    return order;
}

std::span<const double> of_image(const prediction::Reader& reader, const prediction::ReadFiles& read,
                                 std::size_t image) {
    return std::span(read.read.probabilities).subspan(image * reader.letters.size(), reader.letters.size());
}

void show(const ReadOptions& options, const prediction::Reader& reader, const prediction::ReadFiles& read) {
    std::size_t width = 8;
    for (const std::string& file : options.files) width = std::max(width, file.size() + 2);
    const bool letters = !reader.letters.empty();
    fmt::print("{:<{}}{:>10}{:>14}{}\n", "image", width, letters ? "letter" : "symbol",
               letters ? "probability" : "deviation", letters ? "   else" : "");
    for (std::size_t i = 0; i < options.files.size(); ++i) {
        if (!letters) {
            fmt::print("{:<{}}{:>10.4g}{:>14.3g}\n", options.files[i], width, read.read.symbols.mean[i],
                       std::sqrt(read.read.symbols.variance[i]));
            continue;
        }
        const auto probabilities = of_image(reader, read, i);
        const std::vector<std::size_t> order = likeliest_first(probabilities);
        fmt::print("{:<{}}{:>10.7g}{:>14.6f}", options.files[i], width, reader.letters[order[0]],
                   probabilities[order[0]]);
        if (order.size() > 1)
            fmt::print("   {:.7g} ({:.6f})", reader.letters[order[1]], probabilities[order[1]]);
        fmt::print("\n");
    }
}

Json to_json(const ReadOptions& options, const prediction::Reader& reader,
             const prediction::ReadFiles& read) {
    Json images = Json::array();
    for (std::size_t i = 0; i < options.files.size(); ++i) {
        Json image{{"image", options.files[i]},
                   {"symbol", read.read.symbols.mean[i]},
                   {"deviation", std::sqrt(read.read.symbols.variance[i])}};
        if (!reader.letters.empty()) {
            const auto probabilities = of_image(reader, read, i);
            image["letter"] = reader.letters[likeliest_first(probabilities).front()];
            image["probabilities"] = std::vector<double>(probabilities.begin(), probabilities.end());
        }
        images.push_back(std::move(image));
    }
    return {{"letters", reader.letters}, {"images", images}, {"notes", read.notes}};
}

int run(const ReadOptions& options) {
    const auto reader =
        prediction::open_run(options.folder, {.threads = options.common.threads, .device = options.device});
    if (!reader) return report(reader.error());
    const auto read = prediction::read_files(*reader, options.files);
    if (!read) return report(read.error());
    for (const std::string& note : read->notes) say("note: {}\n", with_option_names(note));
    if (options.common.json)
        print(to_json(options, *reader, *read));
    else
        show(options, *reader, *read);
    return exit_done;
}

} // namespace

void add_read(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<ReadOptions>();
    CLI::App* command = app.add_subcommand("read", "Read images as a run of perceive has learned to");
    command->add_option("folder", options->folder, "Folder of the run")->required();
    command->add_option("images", options->files, "Image files, PNG or JPEG")->required();
    add_device_options(*command, options->device, options->common);
    command->footer("Example: ropewalk read runs/mine digits/1.png digits/2.png\n"
                    "Each image is read as if it were alone: one answer with any others, in any order.");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
