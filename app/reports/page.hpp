// A page of a report: one self-contained HTML file, and the pieces that it is made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ropewalk::cli {

/// Text with markup escaped.
std::string html(std::string_view text);

/// A part of a page; `body` is markup.
struct Section {
    std::string title;
    std::string body;
};

/// A page: what was asked, the answer, why, and all else.
struct Page {
    std::string title;   ///< text
    std::string summary; ///< text: the answer in one or two sentences
    std::vector<Section> sections;
    std::string script; ///< JavaScript that the page needs, or nothing
    int refresh_seconds = 0; ///< a browser reads the page again after so many; 0: never
};

/// The whole file. It asks nothing of any network (its content security policy says so), follows the reader's
/// choice of light or dark, and is readable from 320 pixels on.
std::string to_html(const Page& page);

/// A table; cells are markup. `numbers` says which columns are set to the right.
struct HtmlTable {
    std::vector<std::string> head;
    std::vector<std::vector<std::string>> rows;
    std::vector<bool> numbers;
    std::size_t marked_row = static_cast<std::size_t>(-1);
};
std::string to_html(const HtmlTable& table);

/// Program text as a block.
std::string listing(std::string_view text);

/// A paragraph of text.
std::string paragraph(std::string_view text);

/// Figures beside each other where there is room, below each other elsewhere; each is markup.
std::string beside(const std::vector<std::string>& figures);

/// A picture with words below it; `picture` is markup.
std::string figure(const std::string& picture, std::string_view caption);

} // namespace ropewalk::cli
