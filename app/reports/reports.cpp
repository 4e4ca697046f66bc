#include "app/reports/reports.hpp"

#include <filesystem>

#include "app/reports/kinds.hpp"

namespace ropewalk::cli {

namespace {

namespace fs = std::filesystem;

std::optional<Page> page_of(const Json& record, const std::string& folder) {
    if (field_of(record, "front").is_array()) return formula_page(record);
    if (record.contains("tried_bits") || (record.contains("found") && record.contains("candidates")))
        return list_program_page(record);
    if (record.contains("recovered")) return program_page(record, folder);
    if (record.contains("method") || record.contains("programs_right")) return perceive_page(record, folder);
    return std::nullopt;
}

} // namespace

base::Result<std::string> report_page(const Json& record, const std::string& folder) {
    const auto page = page_of(record, folder);
    if (!page)
        return base::failure(folder, "a record of no kind that reports know",
                             "the run.json of tune, induce or perceive, or what formula printed with --json");
    return to_html(*page);
}

base::Result<std::string> report_page(const std::string& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
        const auto record = read_record(path);
        if (!record) return base::failure(record.error());
        const fs::path folder = fs::path(path).parent_path();
        auto page = report_page(*record, folder.empty() ? "." : folder.string());
        if (!page)
            for (base::Diagnostic& each : page.error()) each.file = path;
        return page;
    }
    const std::string run = (fs::path(path) / "run.json").string();
    if (!fs::exists(run, error)) return tables_page(path).map([](const Page& page) { return to_html(page); });
    return read_record(run).and_then([&](const Json& record) { return report_page(record, path); });
}

} // namespace ropewalk::cli
