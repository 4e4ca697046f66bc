#include "ropewalk/base/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace ropewalk::base {

using namespace std::chrono_literals;

ProgressReporter::ProgressReporter(std::string title, Style style, std::FILE* stream)
    : title_(std::move(title)), style_(style), stream_(stream), start_(Clock::now()), last_shown_(start_) {}

ProgressReporter::~ProgressReporter() {
    if (!bar_visible_) return;
    // The bar gives its line back: what remains on the terminal is the answer.
    std::fputs("\r\x1b[K", stream_);
    std::fflush(stream_);
}

void ProgressReporter::update(long done, long total, const std::string& state) {
    if (style_ == Style::silent) return;
    const auto now = Clock::now();
    if (total > 0) share_ = std::max(share_, static_cast<double>(done) / static_cast<double>(total));
    const auto interval = style_ == Style::bar
                              ? Clock::duration(100ms)
                              : std::clamp<Clock::duration>((now - start_) / 4, Clock::duration(5s), Clock::duration(60s));
    if (now - start_ < 1s || now - last_shown_ < interval) return;
    last_shown_ = now;
    const std::string said = fmt::format("{:.0f}% {}", 100 * share_, state);
    if (style_ == Style::lines && said == last_said_) return;
    last_said_ = said;
    const double elapsed = std::chrono::duration<double>(now - start_).count();
    std::string line = progress_line(title_, share_, elapsed, state);
    // A bar that takes two lines of the terminal would leave the first one behind each time.
    winsize size{};
    if (style_ == Style::bar && ioctl(fileno(stream_), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        line.resize(std::min<std::size_t>(line.size(), size.ws_col - 1U));
    bar_visible_ = style_ == Style::bar;
    std::fputs(bar_visible_ ? ("\r" + line + "\x1b[K").c_str() : (line + "\n").c_str(), stream_);
    std::fflush(stream_);
}

ProgressSink ProgressReporter::sink() {
    return [this](long done, long total, const std::string& state) { update(done, total, state); };
}

ProgressReporter::Style ProgressReporter::style_for(std::FILE* stream, bool quiet) {
    if (quiet) return Style::silent;
    const char* terminal = std::getenv("TERM");
    const bool knows_bars = terminal == nullptr || std::string_view(terminal) != "dumb";
    return isatty(fileno(stream)) != 0 && knows_bars ? Style::bar : Style::lines;
}

std::string progress_line(const std::string& title, double share, double elapsed_seconds,
                          const std::string& state) {
    constexpr int width = 24;
    share = std::clamp(share, 0.0, 1.0);
    const int filled = static_cast<int>(std::lround(share * width));
    const std::string bar =
        std::string(static_cast<size_t>(filled), '#') + std::string(static_cast<size_t>(width - filled), '-');
    const std::string left = share > 0 ? fmt::format("{:.0f} s left", elapsed_seconds * (1 - share) / share)
                                       : std::string("starting");
    return fmt::format("{}  [{}] {:3.0f}%  {}  {}", title, bar, 100 * share, left, state);
}

} // namespace ropewalk::base
