// The page of a command that still runs.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "app/shared/shared.hpp"

namespace ropewalk::cli {

/// A page that is written anew while a command runs: how far it is, then the answer. Readers see a whole page at any
/// time; in a browser it looks for news of its own until the answer is there. Of an empty name nothing is written.
class LivePage {
public:
    LivePage(std::string file, std::string title, const CommonOptions& common);
    LivePage(const LivePage&) = delete;
    LivePage& operator=(const LivePage&) = delete;
    /// A command that ends without an answer says so on its page.
    ~LivePage();

    /// Writes the first state, once nothing speaks against beginning; fails where the page cannot be written.
    base::Status begin();

    /// Passes on to `next` what it is told, and shows it on the page.
    base::ProgressSink watching(base::ProgressSink next);

    /// The page of the answer, which is asked for where somebody wants it, in place of the course. Fails where there
    /// is none or it cannot be written.
    base::Status finish(const std::function<base::Result<std::string>()>& answer);

private:
    std::string course(bool running) const;
    void write(bool running);

    std::string file_, title_;
    base::Overwrite overwrite_;
    base::Stopwatch watch_;
    double written_ = 0;  ///< seconds, when the page was last written
    bool open_ = false;   ///< begun and without its answer
    double share_ = 0;
    std::vector<std::pair<double, std::string>> states_; ///< each with its seconds
};

/// Whether a page may be written there, asked before the work.
base::Status check_page(const CommonOptions& common);

} // namespace ropewalk::cli
