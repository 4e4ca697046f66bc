#pragma once

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>

namespace ropewalk::base {

/// Receives how far a long operation has come: done of total steps, and a few words on its state.
/// Library functions call it; they never print. An empty function means that nobody listens.
using ProgressSink = std::function<void(long done, long total, const std::string& state)>;

/// Shows progress to a person: a bar on a terminal, a line now and then elsewhere, nothing when quiet. Nothing is
/// shown in the first second, so that short operations stay silent. A bar never goes back; lines of a log become
/// rarer the longer it takes, and none says what the last one said.
class ProgressReporter {
public:
    enum class Style { bar, lines, silent };

    ProgressReporter(std::string title, Style style, std::FILE* stream = stderr);
    ~ProgressReporter();
    ProgressReporter(const ProgressReporter&) = delete;
    ProgressReporter& operator=(const ProgressReporter&) = delete;

    void update(long done, long total, const std::string& state);
    ProgressSink sink();

    /// `bar` when the stream is a terminal that can go back to the start of a line, `lines` otherwise, `silent` when asked to be quiet.
    static Style style_for(std::FILE* stream, bool quiet);

private:
    using Clock = std::chrono::steady_clock;
    std::string title_;
    Style style_;
    std::FILE* stream_;
    Clock::time_point start_;
    Clock::time_point last_shown_;
    double share_ = 0;
    std::string last_said_; ///< all but the time
    bool bar_visible_ = false;
};

/// One line of text for a progress state: `title  [####----]  40%  12 s left  state`.
std::string progress_line(const std::string& title, double share, double elapsed_seconds,
                          const std::string& state);

} // namespace ropewalk::base
