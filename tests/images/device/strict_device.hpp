// A device that stands in for a GPU where there is none: its memory is the processor's, but nobody may touch
// it except the kernels of libtorch, and these take no tensors of two devices.
//
// What runs on it with the results of the processor keeps every tensor where it belongs. Nothing else of a
// GPU is imitated: speed, reduced precision and lack of memory need a real one.
#pragma once

namespace ropewalk::strict_device {

/// A kind of device that libtorch knows by name and has no kernels for.
inline constexpr const char* name = "xpu";

/// Makes the device known to libtorch; once per process.
void install();

/// Calls of kernels on the device so far.
long kernel_calls();

/// Numbers of the device that the processor asked for so far, each of which it has to wait for.
long numbers_read();

} // namespace ropewalk::strict_device
