#include "ropewalk/images/networks/process_group.hpp"

#include <bit>
#include <cstdlib>

#include <fmt/format.h>

#include "ropewalk/images/networks/engine_library.hpp"

namespace ropewalk::perception {

namespace {

class NoOthers : public ProcessGroup {
public:
    std::size_t rank() const override { return 0; }
    std::size_t size() const override { return 1; }
    base::Status sum(std::span<float>) override { return {}; }
    base::Result<std::vector<double>> gather(std::span<const double> values) override {
        return std::vector<double>(values.begin(), values.end());
    }
    base::Status broadcast(std::string&) override { return {}; }
};

/// A whole number from the environment.
base::Result<std::size_t> number_of_environment(const char* name) {
    const char* const text = std::getenv(name);
    if (text != nullptr)
        if (const auto number = base::whole_number<std::size_t>(text)) return *number;
    return base::failure(std::string("environment variable ") + name, text != nullptr ? base::quoted(text) : "nothing",
                         "a number, as `torchrun` sets it");
}

} // namespace

std::shared_ptr<ProcessGroup> no_others() { return std::make_shared<NoOthers>(); }

bool has_other_processes() {
    const char* const size = std::getenv("WORLD_SIZE");
    return size != nullptr && *size != '\0' && std::string_view(size) != "1";
}

base::Result<std::shared_ptr<ProcessGroup>> process_group_of_environment() {
    if (!has_other_processes()) return no_others();
    ProcessGroupOptions options;
    for (const auto& [name, value] :
         {std::pair("WORLD_SIZE", &options.size), std::pair("RANK", &options.rank),
          std::pair("MASTER_PORT", &options.port)}) {
        const auto number = number_of_environment(name);
        if (!number) return base::failure(number.error());
        *value = *number;
    }
    if (!std::has_single_bit(options.size))
        return base::failure("environment variable WORLD_SIZE", fmt::format("{} processes", options.size),
                             "1, 2, 4, 8 or another power of two");
    if (options.rank >= options.size)
        return base::failure("environment variable RANK", std::to_string(options.rank),
                             fmt::format("0 to {}", options.size - 1));
    const char* const address = std::getenv("MASTER_ADDR");
    if (address == nullptr || *address == '\0')
        return base::failure("environment variable MASTER_ADDR", "nothing", "the machine of process 0");
    options.address = address;
    // torchrun may hold the port for a store of its own, whose language depends on the version of PyTorch.
    if (const char* const held = std::getenv("TORCHELASTIC_USE_AGENT_STORE");
        held != nullptr && std::string_view(held) == "True")
        ++options.port;
    constexpr std::size_t most_port = 65535;
    if (options.port < 1 || options.port > most_port)
        return base::failure("environment variable MASTER_PORT", std::to_string(options.port),
                             "a port below 65535");
    return make_process_group(options);
}

StepParts parts_of(const ProcessGroup& group, std::size_t ranks) {
    if (ranks == 0) return {};
    const std::size_t count = ranks / group.size();
    return {.all = ranks, .first = group.rank() * count, .count = count};
}

base::Status checked_ranks(const ProcessGroup& group, std::size_t ranks) {
    if (ranks == 0 && group.size() == 1) return {};
    if (std::has_single_bit(ranks) && ranks >= group.size()) return {};
    return base::failure("setting `ranks`", fmt::format("{} for {} processes", ranks, group.size()),
                         fmt::format("a power of two, {} or more: what a step's batch is divided into",
                                     std::max<std::size_t>(group.size(), 8)));
}

base::Result<std::optional<TensorFile>>
load_tensors_together(ProcessGroup& group, const std::string& settings, const std::string& path,
                      const std::string& format, const std::string& kind) {
    std::optional<TensorFile> file;
    if (group.leads() && !path.empty()) {
        auto loaded = load_tensors_of(settings, path, format, kind);
        if (!loaded) return base::failure(loaded.error());
        file = std::move(*loaded);
    }
    if (group.size() == 1) return file;
    std::string bytes = file ? to_safetensors(*file) : std::string();
    if (auto sent = group.broadcast(bytes); !sent) return base::failure(std::move(sent.error()));
    if (group.leads() || bytes.empty()) return file;
    auto received = from_safetensors(bytes, "process 0", "tensors");
    if (!received) return base::failure(received.error());
    return std::move(*received);
}

} // namespace ropewalk::perception
