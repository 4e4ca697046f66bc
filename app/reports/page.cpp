#include "app/reports/page.hpp"

#include <fmt/format.h>

#include "ropewalk/base/chart.hpp"

namespace ropewalk::cli {

namespace {

constexpr const char* style = R"(
:root{color-scheme:light dark;--paper:#fff;--ink:#333;--faint:#777;--line:#ddd;--panel:#f5f6f8;--given:#2a5599;--answer:#b83a00;--other:#4c7a2c;--mark:#fff3d6}
@media(prefers-color-scheme:dark){:root{--paper:#16181c;--ink:#d8dadf;--faint:#9a9da5;--line:#3a3d44;--panel:#1f2228;--given:#8ab4f8;--answer:#ff9e6b;--other:#9fce7a;--mark:#3d3218}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:1.2rem 1rem 4rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;line-height:1.25;margin:.4rem 0;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:2.2rem 0 .5rem;border-bottom:1px solid var(--line);padding-bottom:.2rem}
.summary{font-size:1.05rem;overflow-wrap:anywhere}
pre{background:var(--panel);padding:.8rem;overflow-x:auto;border-radius:6px;font-size:.9rem;line-height:1.4}
code{overflow-wrap:anywhere}td code{overflow-wrap:normal}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .6rem;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
td{overflow-wrap:break-word}td.n{white-space:nowrap}.long{overflow-wrap:anywhere}
th{color:var(--faint);font-weight:600}td.n,th.n{text-align:right}tr.mark td{background:var(--mark)}
.beside{display:flex;flex-wrap:wrap;gap:1rem}.beside>*{flex:1 1 20rem;min-width:0;margin:0}
figure{margin:0}figcaption{color:var(--faint);font-size:.85rem}svg{max-width:100%;height:auto}
.heat td{padding:.1rem .2rem;text-align:center;min-width:6rem}.heat td.n{min-width:0}.heat .cell{display:inline-block;min-width:1.5rem;padding:0 .15rem;border-radius:3px}
.ink{color:var(--ink)}.given{color:var(--given)}.answer{color:var(--answer)}.other{color:var(--other)}
button{font:inherit;padding:.3rem .8rem;border:1px solid var(--line);border-radius:6px;background:var(--panel);color:var(--ink)}
input[type=range],progress{width:min(24rem,100%)}
.bars{display:inline-flex;align-items:flex-end;height:2.2rem;gap:1px}.bars i{display:block;width:.45rem;background:var(--given);min-height:1px}.bars i.e{background:var(--answer)}
.off{color:var(--answer);font-weight:600}footer{margin-top:3rem;color:var(--faint);font-size:.85rem}
@media(max-width:30rem){body{font-size:15px}th,td{padding:.2rem .35rem}}
)";

} // namespace

std::string html(std::string_view text) { return base::escaped_markup(text); }

std::string to_html(const Page& page) {
    std::string text = fmt::format(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<link rel=\"icon\" href=\"data:,\">\n"
        "{3}<title>{0}</title>\n<style>{1}</style></head>\n<body><main>\n<h1>{0}</h1>\n<p "
        "class=\"summary\">{2}</p>\n",
        html(page.title), style, html(page.summary),
        page.refresh_seconds > 0 ? fmt::format("<meta http-equiv=\"refresh\" content=\"{}\">\n", page.refresh_seconds)
                                 : std::string());
    for (const Section& section : page.sections)
        text += fmt::format("<section><h2>{}</h2>\n{}</section>\n", html(section.title), section.body);
    text += "</main><footer>Ropewalk " ROPEWALK_VERSION "</footer>\n";
    if (!page.script.empty()) text += "<script>\n" + page.script + "\n</script>\n";
    return text + "</body></html>\n";
}

std::string to_html(const HtmlTable& table) {
    const auto is_number = [&](std::size_t column) {
        return column < table.numbers.size() && table.numbers[column];
    };
    std::string text = "<div class=\"wide\"><table><thead><tr>";
    for (std::size_t i = 0; i < table.head.size(); ++i)
        text += fmt::format("<th scope=\"col\"{}>{}</th>", is_number(i) ? " class=\"n\"" : "", table.head[i]);
    text += "</tr></thead><tbody>\n";
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        text += r == table.marked_row ? "<tr class=\"mark\">" : "<tr>";
        for (std::size_t i = 0; i < table.rows[r].size(); ++i)
            text += fmt::format("<td{}>{}</td>", is_number(i) ? " class=\"n\"" : "", table.rows[r][i]);
        text += "</tr>\n";
    }
    return text + "</tbody></table></div>\n";
}

std::string listing(std::string_view text) { return "<pre><code>" + html(text) + "</code></pre>\n"; }

std::string paragraph(std::string_view text) { return "<p>" + html(text) + "</p>\n"; }

std::string beside(const std::vector<std::string>& figures) {
    std::string text = "<div class=\"beside\">\n";
    for (const std::string& each : figures) text += each;
    return text + "</div>\n";
}

std::string figure(const std::string& picture, std::string_view caption) {
    return "<figure>" + picture + "<figcaption>" + html(caption) + "</figcaption></figure>\n";
}

} // namespace ropewalk::cli
