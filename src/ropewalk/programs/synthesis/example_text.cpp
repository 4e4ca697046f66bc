#include "ropewalk/programs/synthesis/example_text.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::synthesis {

namespace {

/// The byte of the closing quote, or of the end of the line or text where there is none.
std::size_t closing_quote(std::string_view text, std::size_t open, char quote) {
    std::size_t at = open + 1;
    while (at < text.size() && text[at] != quote && text[at] != '\n') at += text[at] == '\\' ? 2 : 1;
    return std::min(at, text.size());
}

bool opens(char c) { return c == '[' || c == '{'; }
bool closes(char c) { return c == ']' || c == '}'; }

/// Shows `visit` every byte outside of quotes with how many brackets are open around it. Brackets themselves are inside of none
/// of their own.
template<class Visit>
void walk(std::string_view text, Visit&& visit) {
    int depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '"') {
            at = closing_quote(text, at, '"');
            continue;
        }
        if (closes(text[at])) --depth;
        visit(at, depth);
        if (opens(text[at])) ++depth;
    }
}

Piece trimmed(Piece piece) {
    const std::string_view inside = base::trimmed(piece.text);
    if (inside.empty()) return {inside, piece.at};
    return {inside, piece.at + static_cast<std::size_t>(inside.data() - piece.text.data())};
}

Piece part(Piece piece, std::size_t from, std::size_t to) {
    return trimmed({piece.text.substr(from, to - from), piece.at + from});
}

bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// The words of other languages for values of JSON, which are as long.
void put_words_of_json(std::string& text, std::size_t start, std::size_t end) {
    static constexpr std::pair<std::string_view, std::string_view> words[] = {
        {"True", "true"}, {"TRUE", "true"}, {"False", "false"}, {"FALSE", "false"}, {"None", "null"}};
    for (const auto& [word, meant] : words)
        if (std::string_view(text).substr(start, end - start) == word) text.replace(start, end - start, meant);
}

/// Reads the brackets of a text and finds the end of each statement.
class Splitter {
public:
    explicit Splitter(std::string_view text) : text_(text) {}

    std::vector<Statement> statements() {
        for (at_ = 0; at_ < text_.size() && !over_; ++at_) read(text_[at_]);
        if (!open_.empty() && !over_)
            end({Fault{open_.back(), fmt::format("'{}' that nothing closes", text_[open_.back()]),
                       fmt::format("its '{}'", other(text_[open_.back()]))}});
        end({});
        return std::move(statements_);
    }

private:
    static char other(char open) { return open == '[' ? ']' : '}'; }

    void read(char c) {
        if (c == '"') {
            const std::size_t quote = at_;
            at_ = closing_quote(text_, at_, '"');
            if (at_ >= text_.size() || text_[at_] == '\n')
                broken({quote, "a text that does not end on its line", "a closing \""});
        } else if (opens(c)) {
            open_.push_back(at_);
        } else if (closes(c)) {
            if (open_.empty()) return broken({at_, fmt::format("'{}' that closes nothing", c), example_forms});
            const char wanted = other(text_[open_.back()]);
            if (c != wanted) return broken({at_, fmt::format("'{}'", c), fmt::format("'{}', or ',' and more", wanted)});
            open_.pop_back();
        } else if (c == '\n' && open_.empty()) {
            end({});
        }
    }

    /// Only an object on one line says where the next example begins.
    void broken(Fault fault) {
        const std::size_t line_end = std::min(text_.find('\n', at_), text_.size());
        const std::string_view before = text_.substr(start_, at_ - start_);
        over_ = base::trimmed(before).find('\n') != std::string_view::npos ||
                base::trimmed(text_.substr(start_, line_end - start_)).starts_with('[');
        at_ = line_end;
        open_.clear();
        end(std::move(fault));
    }

    void end(std::optional<Fault> fault) {
        const std::size_t stop = std::min(at_, text_.size());
        Piece piece = part({text_, 0}, std::min(start_, stop), stop);
        start_ = stop + 1;
        if (piece.text.empty()) return;
        const bool comma = piece.text.ends_with(',') && piece.text.size() > 1;
        if (comma) piece = trimmed({piece.text.substr(0, piece.text.size() - 1), piece.at});
        statements_.push_back({piece, comma, std::move(fault)});
    }

    std::string_view text_;
    std::size_t at_ = 0, start_ = 0;
    std::vector<std::size_t> open_; ///< where brackets stand that are not closed so far
    bool over_ = false;
    std::vector<Statement> statements_;
};

} // namespace

std::string in_small_letters(std::string_view name) {
    std::string small(name);
    std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return small;
}

std::string as_json(std::string_view text) {
    std::string json(text);
    for (std::size_t at = 0; at < json.size(); ++at) {
        const char c = json[at];
        if (c == '"') {
            at = closing_quote(json, at, '"');
        } else if (c == '\'') {
            const std::size_t end = closing_quote(json, at, '\'');
            const auto inside = std::string_view(json).substr(at + 1, end - std::min(end, at + 1));
            if (end >= json.size() || json[end] == '\n' || inside.find_first_of("\"\\") != std::string_view::npos) continue;
            json[at] = json[end] = '"';
            at = end;
        } else if (c == '#' || std::string_view(json).substr(at).starts_with("//")) {
            for (; at < json.size() && json[at] != '\n'; ++at) json[at] = ' ';
        } else if (in_word(c)) {
            const std::size_t start = at;
            while (at + 1 < json.size() && in_word(json[at + 1])) ++at;
            put_words_of_json(json, start, at + 1);
        }
    }
    return json;
}

std::vector<Statement> statements_of(std::string_view text) { return Splitter(text).statements(); }

std::vector<Piece> parts_of(Piece text) {
    std::vector<Piece> parts;
    std::size_t start = 0;
    walk(text.text, [&](std::size_t at, int depth) {
        if (text.text[at] != ',' || depth != 0) return;
        parts.push_back(part(text, start, at));
        start = at + 1;
    });
    parts.push_back(part(text, start, text.text.size()));
    return parts;
}

std::vector<Piece> elements_of(Piece list) {
    const Piece inside = part(list, 1, list.text.size() - 1);
    return inside.text.empty() ? std::vector<Piece>{} : parts_of(inside);
}

std::vector<Member> members_of(Piece object) {
    std::vector<Member> members;
    for (const Piece& each : elements_of(object)) {
        const std::size_t colon = each.text.find(':', closing_quote(each.text, 0, '"'));
        members.push_back({part(each, 0, colon), part(each, colon + 1, each.text.size())});
    }
    return members;
}

std::vector<Piece> arrows_of(Piece text) {
    static constexpr std::string_view arrows[] = {"-->", "->", "=>", "\u2192"};
    std::vector<Piece> found;
    std::size_t behind = 0;
    walk(text.text, [&](std::size_t at, int depth) {
        if (depth != 0 || at < behind) return;
        for (const std::string_view arrow : arrows)
            if (text.text.substr(at).starts_with(arrow) && at >= behind) {
                found.push_back({text.text.substr(at, arrow.size()), text.at + at});
                behind = at + arrow.size();
            }
    });
    return found;
}

} // namespace ropewalk::synthesis
