#include "ropewalk/base/file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace ropewalk::base {

namespace fs = std::filesystem;

Result<std::string> read_file(const std::string& path, std::size_t largest) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) return failure(path, "no such file", "a file that exists");
    if (fs::is_directory(status)) return failure(path, "a folder", "a file");
    if (fs::is_regular_file(status) && fs::file_size(path, error) > largest)
        return failure(path, fmt::format("a file of {} bytes", fs::file_size(path, error)),
                       fmt::format("at most {} bytes", largest));
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return failure(path, std::strerror(errno), "a readable file");
    std::string content;
    char chunk[1 << 16];
    while (stream.read(chunk, sizeof chunk) || stream.gcount() > 0) {
        content.append(chunk, static_cast<std::size_t>(stream.gcount()));
        if (content.size() > largest)
            return failure(path, "a stream without end", fmt::format("at most {} bytes", largest));
    }
    if (stream.bad()) return failure(path, "a read error", "a readable file");
    return content;
}

Result<std::string> free_file(const std::string& path, Overwrite overwrite) {
    if (path.empty()) return path;
    std::error_code error;
    const fs::path folder = fs::absolute(path, error).parent_path();
    if (!fs::is_directory(folder, error) || access(folder.c_str(), W_OK | X_OK) != 0)
        return failure(path, folder.string() + " is no folder that can be written to",
                       "the name of a file in one");
    if (!fs::exists(path, error)) return path;
    if (fs::is_directory(path, error)) return failure(path, "a folder", "the name of a file");
    if (!fs::is_regular_file(path, error)) return failure(path, "not a regular file", "the name of a file");
    if (overwrite == Overwrite::refuse)
        return failure(path, "the file exists already", "a new name, or setting `force` to replace it");
    return path;
}

namespace {

/// Puts the file, or the names in a folder, on the disk; a file system that knows no such call is left to itself. Returns
/// what went wrong, 0 for nothing.
int sync(const std::string& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return 0;
    const int error = fsync(descriptor) == 0 ? 0 : errno;
    close(descriptor);
    return error == EIO || error == ENOSPC || error == EDQUOT ? error : 0;
}

} // namespace

Result<std::string> write_file(const std::string& path, std::string_view content, Overwrite overwrite) {
    std::error_code error;
    if (fs::is_directory(path, error)) return failure(path, "a folder", "the name of a file");
    // Renaming over a device or a pipe would replace it, as root even /dev/null.
    if (fs::exists(path, error) && !fs::is_regular_file(path, error))
        return failure(path, "not a regular file", "the name of a file");
    if (overwrite == Overwrite::refuse && fs::exists(path, error))
        return failure(path, "the file exists already", "a new name, or setting `force` to replace it");
    const std::string temporary = fmt::format("{}.{}.partial", path, getpid());
    {
        std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
        stream.write(content.data(), static_cast<std::streamsize>(content.size()));
        stream.flush();
        if (!stream) {
            const std::string reason = std::strerror(errno);
            fs::remove(temporary, error);
            return failure(path, "cannot write: " + reason, "a folder that exists and can be written to");
        }
    }
    // The file is on the disk before its name says that it is whole, and its name before anybody is told of it.
    if (const int reason = sync(temporary)) {
        fs::remove(temporary, error);
        return failure(path, fmt::format("cannot write: {}", std::strerror(reason)), "a disk that keeps what is written");
    }
    fs::rename(temporary, path, error);
    if (error) {
        const std::string reason = error.message();
        fs::remove(temporary, error);
        return failure(path, "cannot rename the finished file: " + reason, "a writable folder");
    }
    (void)sync(fs::absolute(path, error).parent_path());
    return path;
}

} // namespace ropewalk::base
