// What every engine on libtorch needs: exceptions as diagnostics, and tensors as ours.
#pragma once

#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/images/networks/engine.hpp"

namespace ropewalk::perception {

/// A size as libtorch counts.
inline std::int64_t signed_size(std::size_t size) { return static_cast<std::int64_t>(size); }

/// The first line of what libtorch says of a failure, as stack traces follow.
inline std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

inline std::string reason(const c10::Error& error) { return first_line(error.what_without_backtrace()); }

/// What libtorch throws, as diagnostics.
template<class Work>
auto guarded(const std::string& place, Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const c10::Error& error) {
        return base::failure(place, "libtorch: " + reason(error), "a step that libtorch can do");
    } catch (const std::bad_alloc&) {
        return base::failure(place, "not enough memory", "fewer images, rows or threads");
    } catch (const std::exception& error) { // oneDNN's are of a kind of its own
        return base::failure(place, std::string("libtorch: ") + error.what(), "a step that libtorch can do");
    }
}

/// A tensor of libtorch as one of ours.
inline Tensor stored(const torch::Tensor& tensor) {
    const torch::Tensor values = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
    return {values.sizes().vec(), {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()}};
}

} // namespace ropewalk::perception
