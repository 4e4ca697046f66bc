// Makes one call that writes to disk fail, as a full or broken disk does: preloaded into the command by tests/crashes/crash_runs.
// FAULT_AT=N is which call of write, writev, fsync and rename fails, from 1; FAULT_COUNT=FILE gets how many there were. Standard
// streams and pipes are not counted.
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

std::atomic<long> calls{0};

template<class Function>
Function next(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

bool is_file(int descriptor) {
    struct stat status {};
    return descriptor > 2 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

bool fails() {
    static const char* const at = std::getenv("FAULT_AT");
    return ++calls == (at != nullptr ? std::atol(at) : 0);
}

/// Says at the end how many calls there were.
struct Count {
    ~Count() {
        const char* const file = std::getenv("FAULT_COUNT");
        if (file == nullptr) return;
        const long counted = calls;
        const int descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        if (descriptor >= 0) dprintf(descriptor, "%ld\n", counted), close(descriptor);
    }
} count;

} // namespace

extern "C" {

ssize_t write(int descriptor, const void* data, size_t size) {
    if (is_file(descriptor) && fails()) return errno = ENOSPC, -1;
    return next<ssize_t (*)(int, const void*, size_t)>("write")(descriptor, data, size);
}

ssize_t writev(int descriptor, const iovec* parts, int parts_count) {
    if (is_file(descriptor) && fails()) return errno = ENOSPC, -1;
    return next<ssize_t (*)(int, const iovec*, int)>("writev")(descriptor, parts, parts_count);
}

int fsync(int descriptor) {
    if (is_file(descriptor) && fails()) return errno = EIO, -1;
    return next<int (*)(int)>("fsync")(descriptor);
}

int rename(const char* from, const char* to) {
    if (fails()) return errno = EIO, -1;
    return next<int (*)(const char*, const char*)>("rename")(from, to);
}
}
