// What files of several kinds have of a training.
#pragma once

#include "papers/roap/roap_training.hpp"
#include "papers/shared/shared.hpp"

namespace ropewalk::papers {

/// A look at the programs.
inline const auto& check_fields() {
    static const RunFields fields{std::pair{"step", &RoapCheck::step}, std::pair{"seconds", &RoapCheck::seconds},
                                  std::pair{"loss", &RoapCheck::loss},
                                  std::pair{"programs_right", &RoapCheck::programs_right},
                                  std::pair{"nodes", &RoapCheck::nodes}};
    return fields;
}

} // namespace ropewalk::papers
