#include "app/reports/live_page.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/reports/page.hpp"

namespace ropewalk::cli {

namespace {

/// So often the page is written anew, and a browser looks for it.
constexpr double seconds_between = 2;

/// So many states are kept; of more, every other one is left out.
constexpr std::size_t most_states = 40;

} // namespace

base::Status check_page(const CommonOptions& common) {
    return base::free_file(common.page, overwrite_of(common)).map([](const std::string&) {});
}

LivePage::LivePage(std::string file, std::string title, const CommonOptions& common)
    : file_(std::move(file)), title_(std::move(title)), overwrite_(overwrite_of(common)) {}

LivePage::~LivePage() {
    if (open_) write(false);
}

base::Status LivePage::begin() {
    if (file_.empty()) return {};
    if (const auto written = base::write_file(file_, course(true), overwrite_); !written)
        return base::failure(written.error());
    open_ = true;
    return {};
}

base::ProgressSink LivePage::watching(base::ProgressSink next) {
    if (file_.empty()) return next;
    return [this, next = std::move(next)](long done, long total, const std::string& state) {
        if (next) next(done, total, state);
        if (total > 0) share_ = std::max(share_, static_cast<double>(done) / static_cast<double>(total));
        const double now = watch_.seconds();
        if (states_.empty() || states_.back().second != state) states_.emplace_back(now, state);
        if (states_.size() > most_states)
            for (std::size_t i = states_.size() - 2; i < states_.size(); i -= 2)
                states_.erase(states_.begin() + static_cast<std::ptrdiff_t>(i));
        if (!open_ || now - written_ < seconds_between) return;
        written_ = now;
        write(true);
    };
}

base::Status LivePage::finish(const std::function<base::Result<std::string>()>& answer) {
    if (file_.empty()) return {};
    const auto page = answer();
    if (!page) return base::failure(page.error());
    open_ = false;
    const auto written = base::write_file(file_, *page, base::Overwrite::allow);
    return written ? base::Status{} : base::failure(written.error());
}

/// What cannot be written in between is written at the end, or fails there.
void LivePage::write(bool running) { (void)base::write_file(file_, course(running), base::Overwrite::allow); }

std::string LivePage::course(bool running) const {
    const double share = std::clamp(share_, 0.0, 1.0);
    Page page{.title = title_,
              .summary = running ? fmt::format("Still running: {:.0f}% after {:.0f} seconds. This page shows the answer once "
                                               "there is one.",
                                               100 * share, watch_.seconds())
                                 : "The command ended without an answer; why, it has said where it was started.",
              .sections = {},
              .script = {},
              .refresh_seconds = running ? static_cast<int>(seconds_between) + 1 : 0};
    HtmlTable table{.head = {"seconds", "state"}, .rows = {}, .numbers = {true, false}};
    for (auto state = states_.rbegin(); state != states_.rend(); ++state)
        table.rows.push_back({fmt::format("{:.0f}", state->first), html(state->second)});
    std::string body = fmt::format("<p><progress max=\"1\" value=\"{:.3f}\">{:.0f}%</progress></p>\n", share, 100 * share);
    if (!table.rows.empty()) body += to_html(table);
    page.sections.push_back({running ? "How far it is" : "How far it came", body});
    return to_html(page);
}

} // namespace ropewalk::cli
