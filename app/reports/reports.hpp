// reports: what a command left as a page for people. The only header other rooms include from here.
#pragma once

#include <string>

#include "app/reports/live_page.hpp"
#include "app/shared/shared.hpp"
#include "ropewalk/programs/machine/machine.hpp"

namespace ropewalk::cli {

/// The page of the folder of a run (tune, induce, perceive, reproduce), or of the JSON that `formula` or
/// `induce` printed. Fails where there is none of these.
base::Result<std::string> report_page(const std::string& path);

/// The page of a record that is at hand; `folder` is where its other files are, empty where it has none.
base::Result<std::string> report_page(const Json& record, const std::string& folder);

/// The steps of both machines to walk through; at most so many are kept that the page stays small.
std::string trace_page(const machine::Trace& trace, const assembly::Program& program,
                       const std::string& name);

} // namespace ropewalk::cli
