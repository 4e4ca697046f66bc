// ropewalk report: what a command left, as a page for people.
#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "app/reports/reports.hpp"

namespace ropewalk::cli {

namespace {

struct ReportOptions {
    CommonOptions common;
    std::string run, output;
};

int run(const ReportOptions& options) {
    if (const auto free = base::free_file(options.output, overwrite_of(options.common)); !free)
        return report(free.error());
    const auto page = report_page(options.run);
    if (!page) return report(page.error());
    const auto written = base::write_file(options.output, *page, overwrite_of(options.common));
    if (!written) return report(written.error());
    if (options.common.json)
        print({{"report", options.output}, {"bytes", page->size()}});
    else
        fmt::print("{}: {:.0f} KB; open it in a browser\n", options.output,
                   static_cast<double>(page->size()) / 1000);
    return exit_done;
}

} // namespace

void add_report(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<ReportOptions>();
    CLI::App* command = app.add_subcommand("report", "Show what a run found as one HTML page");
    command
        ->add_option(
            "run", options->run,
            "The folder of tune, induce, perceive or reproduce, or what formula or induce printed with "
            "--json")
        ->required();
    command->add_option("-o,--output", options->output, "The page")->required();
    command->add_flag("--force", options->common.force, "Replace the page if it exists");
    add_common_options(*command, options->common);
    command->footer("Example: ropewalk tune --task map-dec --init programs/map_inc.asm -o runs/dec\n"
                    "         ropewalk report runs/dec -o dec.html");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
