#pragma once

#include <span>
#include <string>
#include <vector>

#include "papers/roap/roap_table1.hpp"

namespace ropewalk::papers {

/// One setting of amortised gradient search at several values, the rest as in Table 1's first row.
struct RoapFigure {
    std::string experiment; ///< roap-fig5 or roap-fig6
    bool symbols_given = false;
    std::string settings;       ///< learning::to_json
    std::vector<double> values; ///< one per row
    std::vector<RoapRow> rows;
    bool complete = false; ///< whether there is a row for every value that was asked for
};

/// Figure 5 of Tang & Ellis: sketches of `lines` lines each, and how many tasks of which difficulty they
/// solve. Empty `lines`: 3, 5, 10, 15 and 30. Fails like roap_table1.
base::Result<RoapFigure> roap_fig5(const std::vector<double>& lines, RoapTable1Options options);

/// Figure 6: weights of the expected length, and what becomes of programs and their length during training.
/// Empty `lambdas`: 0, 2e-4 and 2e-3. Fails like roap_table1.
base::Result<RoapFigure> roap_fig6(const std::vector<double>& lambdas, RoapTable1Options options);

std::string to_json(const RoapFigure& figure);
/// Figure 5: a line per value and difficulty. Figure 6: a line per value and look at the programs.
std::string to_csv(const RoapFigure& figure);
std::string to_markdown(const RoapFigure& figure);

} // namespace ropewalk::papers
