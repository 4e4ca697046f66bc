#include "ropewalk/formulas/table/csv_rows.hpp"

#include <algorithm>
#include <memory>

#include <csv.h>

namespace ropewalk::formula {

namespace {

/// Reads a table line by line, so that comments can be passed over; fields arrive in order from libcsv.
class RowReader {
public:
    RowReader(std::string_view text, const std::string& file, RowSink& sink, int lines_before)
        : text_(text), file_(file), sink_(sink), line_(lines_before) {}

    base::Result<int> read(char separator) {
        csv_parser parser;
        if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
            return base::failure(file_, "no memory to read with", "more memory");
        const std::unique_ptr<csv_parser, void (*)(csv_parser*)> freed(&parser, csv_free);
        csv_set_delim(&parser, static_cast<unsigned char>(separator));
        csv_set_blk_size(&parser, 4096);
        const char line_end = line_end_of(text_);
        for (std::size_t start = 0; start < text_.size() && !sink_.is_over();) {
            const std::size_t end = std::min(text_.find(line_end, start), text_.size() - 1);
            if (const auto read = line(parser, text_.substr(start, end - start + 1)); !read) return base::failure(read.error());
            start = end + 1;
        }
        if (!sink_.is_over() && csv_fini(&parser, on_field, on_row, this) != 0) return unclosed();
        return comments_;
    }

private:
    static void on_field(void* field, std::size_t size, void* self) {
        auto& reader = *static_cast<RowReader*>(self);
        ++reader.fields_;
        reader.sink_.field({static_cast<const char*>(field), size}, reader.place());
    }

    static void on_row(int, void* self) {
        auto& reader = *static_cast<RowReader*>(self);
        reader.fields_ = 0;
        reader.inside_row_ = false;
        reader.sink_.row(reader.place());
    }

    RowPlace place() const { return {row_start_, row_start_ == line_ ? source_line_ : std::string_view{}}; }

    base::Status line(csv_parser& parser, std::string_view text) {
        ++line_;
        source_line_ = text;
        while (source_line_.ends_with('\n') || source_line_.ends_with('\r')) source_line_.remove_suffix(1);
        if (!inside_row_ && source_line_.starts_with('#')) {
            ++comments_;
            return {};
        }
        if (!inside_row_) row_start_ = line_;
        inside_row_ = true;
        const std::size_t done = csv_parse(&parser, text.data(), text.size(), on_field, on_row, this);
        if (done != text.size()) return fault(parser, done);
        // A line of blanks alone begins no row.
        if (fields_ == 0 && base::trimmed(source_line_, " \t").empty()) inside_row_ = false;
        return {};
    }

    base::Status fault(csv_parser& parser, std::size_t offset) const {
        if (csv_error(&parser) != CSV_EPARSE)
            return base::failure(base::Diagnostics{{.file = file_, .line = line_, .found = "a field too large for the memory"}});
        return base::failure(base::Diagnostics{
            {.file = file_,
             .line = line_,
             .column = static_cast<int>(offset) + 1,
             .found = "a quote inside a field, or text behind a closing quote",
             .expected = "a quoted field alone between separators, with \"\" for a quote inside it",
             .source_line = shown_line(source_line_)}});
    }

    tl::unexpected<base::Diagnostics> unclosed() const {
        return base::failure(base::Diagnostics{{.file = file_,
                                                .line = row_start_,
                                                .found = "a quoted field that does not end in the row that begins here",
                                                .expected = "a closing quote"}});
    }

    std::string_view text_;
    const std::string& file_;
    RowSink& sink_;
    int line_, row_start_ = 0, comments_ = 0;
    std::string_view source_line_;
    bool inside_row_ = false;
    std::size_t fields_ = 0; ///< of the row at hand
};

} // namespace

std::string shown_line(std::string_view line) {
    constexpr std::size_t longest = 100'000;
    return line.size() <= longest ? std::string(line) : std::string{};
}

char line_end_of(std::string_view text) { return text.find('\n') != std::string_view::npos ? '\n' : '\r'; }

base::Result<int> read_rows(std::string_view text, const std::string& file, char separator, RowSink& sink, int lines_before) {
    return RowReader(text, file, sink, lines_before).read(separator);
}

} // namespace ropewalk::formula
