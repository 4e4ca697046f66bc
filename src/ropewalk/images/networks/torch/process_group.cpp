// Processes that learn together, on libtorch's gloo, and the library's entry.
#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/images/networks/engine_library.hpp"
#include "ropewalk/images/networks/torch/guarded.hpp"
#include "ropewalk/images/networks/torch/virtual_ranks.hpp"
#ifdef ROPEWALK_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#endif

namespace ropewalk::perception {

#ifdef ROPEWALK_GLOO

namespace {

class GlooGroup : public ProcessGroup {
public:
    GlooGroup(const ProcessGroupOptions& options, c10::intrusive_ptr<c10d::TCPStore> store,
              c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo)
        : rank_(options.rank), size_(options.size), store_(std::move(store)), gloo_(std::move(gloo)) {}

    std::size_t rank() const override { return rank_; }
    std::size_t size() const override { return size_; }

    /// Each process adds up a slice of the values, and all get its sums.
    base::Status sum(std::span<float> values) override {
        return together([&]() -> base::Status {
            const auto count = static_cast<std::int64_t>(values.size()),
                       slices = static_cast<std::int64_t>(size_);
            const std::int64_t slice = (count + slices - 1) / slices;
            torch::Tensor mine = torch::zeros({slices, slice}), theirs = torch::empty({slices, slice});
            const torch::Tensor given = torch::from_blob(values.data(), {count}, torch::kFloat32);
            mine.flatten().slice(0, 0, count).copy_(given);
            std::vector<std::int64_t> even;
            gloo_->alltoall_base(theirs, mine, even, even)->wait();
            std::vector<torch::Tensor> own{sum_in_pairs(theirs.unbind(0)).contiguous()};
            std::vector<std::vector<torch::Tensor>> all{mine.unbind(0)};
            gloo_->allgather(all, own)->wait();
            torch::from_blob(values.data(), {count}, torch::kFloat32)
                .copy_(mine.flatten().slice(0, 0, count));
            return {};
        });
    }

    base::Result<std::vector<double>> gather(std::span<const double> values) override {
        return together([&]() -> base::Result<std::vector<double>> {
            const auto count = static_cast<std::int64_t>(values.size());
            std::vector<torch::Tensor> own{
                torch::tensor(std::vector<double>(values.begin(), values.end()), torch::kFloat64)};
            const torch::Tensor gathered =
                torch::empty({static_cast<std::int64_t>(size_), count}, torch::kFloat64);
            std::vector<std::vector<torch::Tensor>> all{gathered.unbind(0)};
            gloo_->allgather(all, own)->wait();
            return std::vector<double>(gathered.data_ptr<double>(),
                                       gathered.data_ptr<double>() + gathered.numel());
        });
    }

    base::Status broadcast(std::string& bytes) override {
        return together([&]() -> base::Status {
            std::vector<torch::Tensor> size{
                torch::tensor({static_cast<std::int64_t>(bytes.size())}, torch::kInt64)};
            gloo_->broadcast(size)->wait();
            bytes.resize(static_cast<std::size_t>(size.front().item<std::int64_t>()));
            if (bytes.empty()) return {};
            std::vector<torch::Tensor> sent{
                torch::from_blob(bytes.data(), {static_cast<std::int64_t>(bytes.size())}, torch::kUInt8)};
            gloo_->broadcast(sent)->wait();
            return {};
        });
    }

private:
    /// What fails where another process is gone.
    template<class Work>
    auto together(Work work) const -> decltype(work()) {
        try {
            return work();
        } catch (const std::exception& error) {
            return base::failure(
                "process " + std::to_string(rank_) + " of " + std::to_string(size_),
                "another process has ended or cannot be reached (" + first_line(error.what()) + ")",
                "all processes; setting `resume` goes on from the checkpoint, on any number of them");
        }
    }

    std::size_t rank_, size_;
    c10::intrusive_ptr<c10d::TCPStore> store_; ///< process 0 holds it for the others
    c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo_;
};

/// The interfaces that GLOO_SOCKET_IFNAME names, as with PyTorch; else, where process 0 is met at an address that leads
/// nowhere else, this machine's own, which needs no name that resolves; else the one of the machine's name.
std::vector<std::shared_ptr<gloo::transport::Device>> devices(const std::string& address) {
    std::vector<std::shared_ptr<gloo::transport::Device>> found;
    if (const char* const names = std::getenv("GLOO_SOCKET_IFNAME"); names != nullptr && *names != '\0') {
        std::istringstream list(names);
        for (std::string name; std::getline(list, name, ',');)
            found.push_back(c10d::ProcessGroupGloo::createDeviceForInterface(name));
    } else if (address == "localhost" || address.starts_with("127.")) {
        found.push_back(c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1"));
    } else {
        found.push_back(c10d::ProcessGroupGloo::createDefaultDevice());
    }
    return found;
}

/// Fails unless all compute alike: the same libtorch on processors of one kind. Afterwards all are there.
base::Status check_alike(ProcessGroup& group) {
    constexpr std::size_t exact = std::size_t{1} << 53; // as a double
    const auto kind = static_cast<double>(std::hash<std::string>()(at::show_config()) % exact);
    const auto all = group.gather({&kind, 1});
    if (!all) return base::failure(all.error());
    for (std::size_t rank = 0; rank < all->size(); ++rank)
        if ((*all)[rank] != kind)
            return base::failure("process " + std::to_string(rank) + " of " + std::to_string(group.size()),
                                 "another libtorch or another kind of processor than process " +
                                     std::to_string(group.rank()) + " has",
                                 "the same ones, or ATEN_CPU_CAPABILITY=avx2 where only processors differ");
    return {};
}

base::Result<std::shared_ptr<ProcessGroup>> met(const ProcessGroupOptions& options) {
    // All do the same work between two calls but for what process 0 writes and shows; where a machine has
    // gone without a word, the others wait for so long.
    constexpr std::chrono::minutes to_meet(1), to_answer(10);
    c10d::TCPStoreOptions of_store;
    of_store.port = static_cast<std::uint16_t>(options.port);
    of_store.isServer = options.rank == 0;
    of_store.numWorkers = options.size;
    of_store.timeout = to_meet;
    auto store = c10::make_intrusive<c10d::TCPStore>(options.address, of_store);
    const auto of_gloo = c10d::ProcessGroupGloo::Options::create(to_answer);
    of_gloo->devices = devices(options.address);
    const auto rank = static_cast<int>(options.rank), size = static_cast<int>(options.size);
    auto gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, size, of_gloo);
    auto group = std::make_shared<GlooGroup>(options, std::move(store), std::move(gloo));
    if (auto alike = check_alike(*group); !alike) return base::failure(std::move(alike.error()));
    return group;
}

} // namespace

#endif

extern "C" __attribute__((visibility("default"))) void
ropewalk_make_process_group([[maybe_unused]] const ProcessGroupOptions& options,
                            base::Result<std::shared_ptr<ProcessGroup>>& group) {
#ifdef ROPEWALK_GLOO
    try {
        group = met(options);
    } catch (const std::exception& error) {
        group =
            base::failure("process " + std::to_string(options.rank) + " of " + std::to_string(options.size),
                          "no meeting at " + options.address + ":" + std::to_string(options.port) + " (" +
                              first_line(error.what()) + ")",
                          "all processes, and a free port at the machine of process 0");
    }
#else
    group = base::failure("several processes", "Ropewalk without gloo",
                          "Ropewalk built where gloo's headers are; on Debian `apt-get install libgloo-dev`");
#endif
}

} // namespace ropewalk::perception
