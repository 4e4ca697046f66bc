#include "tests/images/device/strict_device.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>

#include <ATen/EmptyTensor.h>
#include <ATen/native/CPUFallback.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/unfold_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/torch.h>

#include <torch/library.h>

namespace ropewalk::strict_device {

namespace {

constexpr auto device_type = c10::DeviceType::XPU;
constexpr c10::DispatchKeySet device_keys(c10::DispatchKey::XPU);

std::atomic<long> calls{0}, numbers{0};

std::size_t whole_pages(std::size_t bytes) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return std::max<std::size_t>(1, (bytes + page - 1) / page) * page;
}

/// Pages of their own for every tensor, which nobody may read or write.
struct Pages {
    void* address;
    std::size_t size;

    static void unmap(void* context) {
        const std::unique_ptr<Pages> pages(static_cast<Pages*>(context));
        munmap(pages->address, pages->size);
    }
};

c10::DataPtr allocate_pages(std::size_t bytes) {
    const c10::Device device(device_type, 0);
    if (bytes == 0) return {nullptr, device};
    const std::size_t size = whole_pages(bytes);
    void* const address = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    TORCH_CHECK(address != MAP_FAILED, "strict device: out of memory");
    return {address, new Pages{address, size}, &Pages::unmap, device};
}

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
struct Allocator final : c10::Allocator {
    c10::DataPtr allocate(std::size_t bytes) override { return allocate_pages(bytes); }
    void copy_data(void*, const void*, std::size_t) const override {
        TORCH_CHECK(false, "strict device: data is copied by copy_ only");
    }
};
#else
struct Allocator final : c10::Allocator {
    c10::DataPtr allocate(std::size_t bytes) const override { return allocate_pages(bytes); }
};
#endif

Allocator allocator;

/// While it lives, the processor may read and write a tensor of the device through `tensor`.
class HostAccess {
public:
    explicit HostAccess(const at::Tensor& on_device) {
        if (!on_device.defined() || on_device.device().type() != device_type) {
            tensor = on_device;
            return;
        }
        const c10::Storage storage = on_device.storage();
        void* const address = const_cast<void*>(storage.data());
        if (address != nullptr) {
            pages_ = {address, whole_pages(storage.nbytes())};
            TORCH_CHECK(mprotect(address, pages_.size, PROT_READ | PROT_WRITE) == 0);
        }
        void* const first = static_cast<char*>(address) +
                            on_device.storage_offset() * static_cast<std::int64_t>(on_device.itemsize());
        tensor = at::from_blob(first, on_device.sizes(), on_device.strides(),
                               at::TensorOptions().dtype(on_device.scalar_type()));
    }
    HostAccess(const HostAccess&) = delete;
    HostAccess& operator=(const HostAccess&) = delete;
    ~HostAccess() {
        if (pages_.address != nullptr) mprotect(pages_.address, pages_.size, PROT_NONE);
    }

    at::Tensor tensor;

private:
    Pages pages_{nullptr, 0};
};

at::Tensor empty(at::IntArrayRef size, c10::optional<at::ScalarType> type, c10::optional<at::Layout>,
                 c10::optional<at::Device>, c10::optional<bool>, c10::optional<at::MemoryFormat> format) {
    return at::detail::empty_generic(size, &allocator, device_keys, type.value_or(at::kFloat), format);
}

at::Tensor empty_strided(at::IntArrayRef size, at::IntArrayRef stride, c10::optional<at::ScalarType> type,
                         c10::optional<at::Layout>, c10::optional<at::Device>, c10::optional<bool>) {
    return at::detail::empty_strided_generic(size, stride, &allocator, device_keys,
                                             type.value_or(at::kFloat));
}

at::Tensor& copy(at::Tensor& to, const at::Tensor& from, bool) {
    ++calls;
    const HostAccess from_host(from), to_host(to);
    to_host.tensor.copy_(from_host.tensor);
    return to;
}

at::Tensor copy_from(const at::Tensor& from, const at::Tensor& to, bool non_blocking) {
    at::Tensor target = to;
    return copy(target, from, non_blocking);
}

const at::Tensor& resize_in_place(const at::Tensor& self, at::IntArrayRef size,
                                  c10::optional<at::MemoryFormat> format) {
    const std::size_t bytes = static_cast<std::size_t>(c10::multiply_integers(size)) * self.itemsize();
    if (bytes > self.storage().nbytes()) {
        TORCH_CHECK(self.storage().nbytes() == 0, "strict device: only empty tensors grow");
        self.storage().set_data_ptr_noswap(allocator.allocate(bytes));
        self.storage().set_nbytes(bytes);
    }
    self.unsafeGetTensorImpl()->set_sizes_contiguous(size);
    if (format.has_value() && *format != at::MemoryFormat::Preserve)
        self.unsafeGetTensorImpl()->empty_tensor_restride(*format);
    return self;
}

at::Tensor copy_from_and_resize(const at::Tensor& from, const at::Tensor& to) {
    if (to.sizes() != from.sizes()) resize_in_place(to, from.sizes(), c10::nullopt);
    return copy_from(from, to, false);
}

/// Any other kernel: the processor's on copies, once all tensors are found on one device. Numbers without a
/// dimension may come from the processor, as for a GPU.
void run_on_copies(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
    ++calls;
    const auto check = [&](const at::Tensor& tensor) {
        TORCH_CHECK(!tensor.defined() || tensor.device().type() == device_type || tensor.dim() == 0,
                    "Expected all tensors to be on the same device, but ", op.schema().name(),
                    " was given one on ", tensor.device());
    };
    for (const c10::IValue& argument : torch::jit::last(*stack, op.schema().arguments().size())) {
        if (argument.isTensor()) check(argument.toTensor());
        if (argument.isTensorList())
            for (const at::Tensor& tensor : argument.toTensorVector()) check(tensor);
    }
    for (const c10::Argument& result : op.schema().returns())
        TORCH_CHECK(result.alias_info() == nullptr || result.alias_info()->isWrite(),
                    "strict device: ", op.schema().name(), " gives a view, which a copy is not");
    at::native::cpu_fallback(op, stack);
}

at::Scalar read_number(const at::Tensor& tensor) {
    ++numbers;
    const HostAccess host(tensor);
    return host.tensor.item();
}

/// Its running statistics are written to, which its schema does not say, so that the copies would be lost.
std::tuple<at::Tensor, at::Tensor, at::Tensor>
batch_norm(const at::Tensor& input, const c10::optional<at::Tensor>& weight,
           const c10::optional<at::Tensor>& bias, const c10::optional<at::Tensor>& mean,
           const c10::optional<at::Tensor>& variance, bool training, double momentum, double epsilon) {
    ++calls;
    const auto given = [](const c10::optional<at::Tensor>& tensor) { return tensor.value_or(at::Tensor()); };
    const HostAccess host_input(input), host_weight(given(weight)), host_bias(given(bias)),
        host_mean(given(mean)), host_variance(given(variance));
    const auto [output, saved_mean, saved_deviation] =
        at::native_batch_norm(host_input.tensor, host_weight.tensor, host_bias.tensor, host_mean.tensor,
                              host_variance.tensor, training, momentum, epsilon);
    return {output.to(input.device()), saved_mean.to(input.device()), saved_deviation.to(input.device())};
}

void register_kernels() {
    static torch::Library fallback(torch::Library::IMPL, "_", c10::DispatchKey::XPU, __FILE__, __LINE__);
    fallback.fallback(torch::CppFunction::makeFromBoxedFunction<&run_on_copies>());
    static torch::Library kernels(torch::Library::IMPL, "aten", c10::DispatchKey::XPU, __FILE__, __LINE__);
    kernels.impl("empty.memory_format", &empty);
    kernels.impl("empty_strided", &empty_strided);
    kernels.impl("copy_", &copy);
    kernels.impl("_copy_from", &copy_from);
    kernels.impl("_copy_from_and_resize", &copy_from_and_resize);
    kernels.impl("resize_", &resize_in_place);
    // Views say nothing of the memory.
    kernels.impl("view", &at::native::view);
    kernels.impl("_reshape_alias", &at::native::_reshape_alias);
    kernels.impl("unfold", &at::native::unfold);
    kernels.impl("as_strided", &at::native::as_strided_tensorimpl);
    kernels.impl("_local_scalar_dense", &read_number);
    kernels.impl("native_batch_norm", &batch_norm);
    // These would look for a kernel of their own before they fall back.
    for (const char* name : {"convolution", "convolution_backward"})
        kernels.impl(name, torch::CppFunction::makeFromBoxedFunction<&run_on_copies>());
}

} // namespace

void install() {
    static const bool once = [] {
        c10::SetAllocator(device_type, &allocator);
        static const c10::impl::NoOpDeviceGuardImpl<device_type> guard;
        c10::impl::device_guard_impl_registry[static_cast<std::size_t>(device_type)].store(&guard);
        register_kernels();
        return true;
    }();
    static_cast<void>(once);
}

long kernel_calls() { return calls; }

long numbers_read() { return numbers; }

} // namespace ropewalk::strict_device
