#include "ropewalk/images/datasets/gunzip.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <zlib.h>

namespace ropewalk::datasets {

namespace {

/// zlib's window size for gzip streams: the largest window, and 16 to say that the header is gzip's.
constexpr int gzip_window = 15 + 16;

bool is_gzip(const std::string& bytes) {
    return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

} // namespace

base::Result<std::string> read_unpacked(const std::string& path, const ClaimedSize& claimed,
                                        std::size_t largest) {
    auto packed = base::read_file(path, largest);
    if (!packed || !is_gzip(*packed)) return packed;
    z_stream stream{};
    if (inflateInit2(&stream, gzip_window) != Z_OK)
        return base::failure(path, "zlib cannot be started", "enough memory");
    const std::unique_ptr<z_stream, int (*)(z_stream*)> ended(&stream, inflateEnd);
    stream.next_in = reinterpret_cast<Bytef*>(packed->data());
    stream.avail_in = static_cast<uInt>(packed->size());
    std::string content;
    std::uint64_t size = 0;
    int status = Z_OK;
    while (status == Z_OK) {
        const std::size_t begin = content.size();
        if (begin > 0 && size == 0) size = claimed(content);
        if (size > largest)
            return base::failure(path, fmt::format("{} bytes by its header", size),
                                 fmt::format("at most {}", largest));
        if (begin > size) return content;
        content.resize(begin + (begin == 0 ? std::size_t{1} << 12 : std::size_t{1} << 20));
        stream.next_out = reinterpret_cast<Bytef*>(content.data() + begin);
        stream.avail_out = static_cast<uInt>(content.size() - begin);
        status = inflate(&stream, Z_NO_FLUSH);
        content.resize(content.size() - stream.avail_out);
        if (status == Z_OK && stream.avail_in == 0 && stream.avail_out > 0) status = Z_BUF_ERROR;
    }
    if (status == Z_STREAM_END) return content;
    if (status == Z_BUF_ERROR)
        return base::failure(path, fmt::format("gzip data that ends after {} unpacked bytes", content.size()),
                             "a complete file; this one is cut short");
    return base::failure(path, "damaged gzip data", "an intact gzip file");
}

} // namespace ropewalk::datasets
