#include "ropewalk/formulas/table/other_formats.hpp"

#include <algorithm>
#include <array>

namespace ropewalk::formula {

namespace {

using namespace std::string_view_literals;

struct Format {
    std::string_view magic, name, way;
};

constexpr auto by_pandas = "a CSV file, as pandas makes one: pandas.{}(FILE).to_csv('table.csv', index=False)"sv;

constexpr std::array formats{
    Format{"PAR1"sv, "a Parquet file"sv, "read_parquet"sv},
    Format{"ARROW1"sv, "an Arrow file (Feather)"sv, "read_feather"sv},
    Format{"FEA1"sv, "a Feather file"sv, "read_feather"sv},
    Format{"\x89HDF\r\n\x1a\n"sv, "an HDF5 file"sv, "read_hdf"sv},
    Format{"PK\x03\x04"sv, "a zip archive, as Excel and NumPy write them"sv, "read_excel"sv},
    Format{"\xd0\xcf\x11\xe0"sv, "an Excel file"sv, "read_excel"sv},
    Format{"SQLite format 3\0"sv, "an SQLite file"sv, ""sv},
    Format{"\x93NUMPY"sv, "a NumPy array"sv, ""sv},
    Format{"\x1f\x8b"sv, "a file compressed by gzip"sv, "gunzip"sv},
    Format{"\x28\xb5\x2f\xfd"sv, "a file compressed by Zstandard"sv, "unzstd"sv},
    Format{"\xfd\x37zXZ\0"sv, "a file compressed by xz"sv, "unxz"sv},
    Format{"BZh"sv, "a file compressed by bzip2"sv, "bunzip2"sv},
};

std::string way_of(const Format& format) {
    if (format.way.empty()) return "a CSV file with the names of the columns in its first line";
    if (!format.way.starts_with("read_")) return "what " + std::string(format.way) + " makes of it";
    std::string way(by_pandas);
    return way.replace(way.find("{}"), 2, format.way);
}

} // namespace

std::optional<base::Diagnostic> other_format(std::string_view text, const std::string& file) {
    const auto found = std::find_if(formats.begin(), formats.end(),
                                    [&](const Format& each) { return text.starts_with(each.magic); });
    // Text may begin like a format; what no text holds tells.
    if (found == formats.end() || text.substr(0, 4096).find('\0') == std::string_view::npos) return std::nullopt;
    return base::Diagnostic{.file = file, .found = std::string(found->name), .expected = way_of(*found)};
}

} // namespace ropewalk::formula
