// Fields of CSV files about the images of a row.
#pragma once

#include <string>

#include "ropewalk/formulas/table/table.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::prediction {

/// Texts of the images of a row, each made from an image's place among all: fields for one image after the other, all
/// texts of each; where rows are lists, one field for each text, which has all images, `a|b|c`. Each begins with a comma.
template<class... Texts>
std::string row_fields(const perception::ImageRows& rows, std::size_t row, const Texts&... texts) {
    std::string fields;
    if (rows.starts.empty()) {
        for (const std::uint32_t image : rows.row(row)) ((fields += "," + formula::csv_field(texts(image))), ...);
        return fields;
    }
    const auto add_list = [&](const auto& text) {
        std::string list;
        for (const std::uint32_t image : rows.row(row)) list += "|" + text(image);
        fields += "," + formula::csv_field(list.empty() ? list : list.substr(1));
    };
    (add_list(texts), ...);
    return fields;
}

} // namespace ropewalk::prediction
