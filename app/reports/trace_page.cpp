// A run of both machines to walk through, and where the instruction register is as a picture.
#include <algorithm>
#include <cmath>

#include "app/reports/kinds.hpp"
#include "app/reports/reports.hpp"

namespace ropewalk::cli {

namespace {

/// Probabilities below this are left out of the page.
constexpr double least_shown = 0.001;

/// So many numbers are about 200 KB of page.
constexpr std::size_t most_numbers = 20'000;

/// The values of a row that have mass: [value, probability in thousandths], ...
Json masses(const std::vector<double>& rows, std::size_t start, int width) {
    Json list = Json::array();
    for (int v = 0; v < width; ++v)
        if (const double p = rows[start + static_cast<std::size_t>(v)]; p >= least_shown)
            list.push_back({v, std::lround(1000 * p)});
    return list;
}

Json rows_of(const std::vector<double>& rows, int width) {
    Json list = Json::array();
    for (std::size_t start = 0; start < rows.size(); start += static_cast<std::size_t>(width))
        list.push_back(masses(rows, start, width));
    return list;
}

std::size_t numbers_in(const Json& rows) {
    std::size_t count = 1;
    for (const Json& row : rows) count += 1 + 2 * row.size();
    return count;
}

/// What the script walks through.
Json data_of(const machine::Trace& trace, const assembly::Program& program) {
    Json lines = Json::array();
    for (const auto& each : program.instructions) lines.push_back(to_string(each, program));
    Json steps = Json::array();
    std::size_t numbers = 0;
    for (const machine::TraceStep& step : trace.steps) {
        Json shown{{"line", step.exact.line},
                   {"halted", step.exact.halted},
                   {"m", step.exact.memory},
                   {"r", step.exact.registers},
                   {"l", masses(step.soft.line, 0, static_cast<int>(step.soft.line.size()))},
                   {"M", rows_of(step.soft.memory, program.base)},
                   {"R", rows_of(step.soft.registers, program.base)},
                   {"h", std::lround(1000 * step.soft.halted)},
                   {"a", std::lround(1000 * step.agreement)}};
        numbers += numbers_in(shown["M"]) + numbers_in(shown["R"]) + step.soft.line.size();
        if (numbers > most_numbers && !steps.empty()) break;
        steps.push_back(std::move(shown));
    }
    return {{"base", program.base}, {"lines", lines}, {"steps", steps}};
}

constexpr const char* walk = R"(
const D=JSON.parse(document.getElementById('data').textContent),S=D.steps;let t=0;
const at=id=>document.getElementById(id);
function bars(masses,exact){let s='<span class="bars" role="img" aria-label="';
 s+=masses.map(([v,p])=>v+' with '+p/1000).join(', ')+'">';const m=new Map(masses);
 for(let v=0;v<D.base;v++){const p=m.get(v)||0;s+='<i'+(v===exact?' class="e"':'')+' style="height:'+(p/10)+'%" title="'+v+': '+p/1000+'"></i>'}
 return s+'</span>'}
function top1(masses){let b=[0,-1];for(const e of masses)if(e[1]>b[1])b=e;return b}
function cells(name,exact,soft){return exact.map((e,i)=>{const[v,p]=top1(soft[i]);
 return '<tr><td>'+name(i)+'</td><td class="n">'+e+'</td><td class="n'+(v!==e?' off':'')+'">'+v+'</td><td class="n">'+(p/1000).toFixed(3)+'</td><td>'+bars(soft[i],e)+'</td></tr>'}).join('')}
function show(){const s=S[t];at('t').value=t;at('where').textContent='Before step '+t+' of '+(S.length-1)+(s.halted?' (the exact machine has halted)':'')+': the exact state has '+s.a/1000+' of the mass; halting probability '+s.h/1000;
 const l=new Map(s.l),best=top1(s.l)[0];
 at('code').innerHTML=D.lines.map((c,i)=>'<tr'+(!s.halted&&i===s.line?' class="mark"':'')+'><td class="n">'+(i+1)+'</td><td><code>'+c.replace(/&/g,'&amp;').replace(/</g,'&lt;')+'</code></td><td class="n'+(i===best&&i!==s.line&&!s.halted?' off':'')+'">'+((l.get(i)||0)/1000).toFixed(3)+'</td></tr>').join('');
 at('state').innerHTML=cells(i=>'r'+(i+1),s.r,s.R)+cells(i=>'M['+i+']',s.m,s.M)}
function go(n){t=Math.max(0,Math.min(S.length-1,n));show()}
at('t').max=S.length-1;at('t').oninput=e=>go(+e.target.value);at('back').onclick=()=>go(t-1);at('next').onclick=()=>go(t+1);
document.onkeydown=e=>{const k={ArrowLeft:-1,ArrowRight:1,PageUp:-10,PageDown:10}[e.key];if(k){go(t+k);e.preventDefault()}else if(e.key==='Home')go(0);else if(e.key==='End')go(S.length-1)};
show();)";

} // namespace

std::string instruction_register_figure(const machine::Trace& trace) {
    constexpr double left = 34, cell = 9, high = 16;
    constexpr std::size_t most_steps = 400;
    const std::size_t lines = trace.steps.front().soft.line.size();
    const std::size_t steps = std::min(trace.steps.size(), most_steps);
    const double width = left + cell * static_cast<double>(steps) + 4,
                 height = high * static_cast<double>(lines) + 22;
    std::string text = fmt::format(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {0:.0f} {1:.0f}' width='{0:.0f}' role='img' "
        "font-family='sans-serif' font-size='10' fill='var(--ink)'><title>mass of the instruction register "
        "by step "
        "and line</title>\n",
        width, height);
    for (std::size_t l = 0; l < lines; ++l)
        text += fmt::format("<text x='{}' y='{:.0f}' text-anchor='end'>{}</text>", left - 5,
                            high * static_cast<double>(l) + 12, l + 1);
    for (std::size_t t = 0; t < steps; ++t) {
        const machine::TraceStep& step = trace.steps[t];
        const double x = left + cell * static_cast<double>(t);
        for (std::size_t l = 0; l < lines; ++l)
            if (step.soft.line[l] >= 0.01)
                text += fmt::format("<rect x='{:.0f}' y='{:.0f}' width='8' height='14' fill='var(--given)' "
                                    "fill-opacity='{:.2f}'/>",
                                    x, high * static_cast<double>(l) + 1, std::min(1.0, step.soft.line[l]));
        if (!step.exact.halted)
            text += fmt::format(
                "<rect x='{:.0f}' y='{:.0f}' width='8' height='14' fill='none' stroke='var(--answer)'/>", x,
                high * step.exact.line + 1);
        if (t % 10 == 0) text += fmt::format("<text x='{:.0f}' y='{:.0f}'>{}</text>\n", x, height - 6, t);
    }
    return "<div class=\"wide\">" + text + "</svg></div>\n";
}

std::string trace_page(const machine::Trace& trace, const assembly::Program& program,
                       const std::string& name) {
    const Json data = data_of(trace, program);
    const std::size_t kept = data["steps"].size();
    Page page{
        .title = "A run of " + name,
        .summary =
            trace.parts
                ? fmt::format("Exact and differentiable machine part company before step {}: there the exact "
                              "state has less than half of the mass.",
                              *trace.parts)
                : fmt::format("The differentiable machine stays with the exact one over all {} steps.",
                              trace.steps.size() - 1),
        .sections = {},
        .script = walk};
    page.sections.push_back(
        {"Where the instruction register is",
         figure(instruction_register_figure(trace),
                "Rows are lines, columns are steps; the stronger the colour, the more of the mass; the outline is "
                "the exact machine.")});
    std::string steps =
        "<p><button id=\"back\" aria-label=\"one step back\">&larr;</button> <button id=\"next\" "
        "aria-label=\"one step "
        "on\">&rarr;</button> <input type=\"range\" id=\"t\" min=\"0\" value=\"0\" aria-label=\"step\"></p>\n"
        "<p id=\"where\" aria-live=\"polite\"></p>\n"
        "<div class=\"beside\"><div class=\"wide\"><table><thead><tr><th "
        "class=\"n\">line</th><th>instruction</th><th "
        "class=\"n\">mass</th></tr></thead><tbody id=\"code\"></tbody></table></div>\n"
        "<div class=\"wide\"><table><thead><tr><th></th><th class=\"n\">exact</th><th "
        "class=\"n\">likeliest</th><th "
        "class=\"n\">mass</th><th>distribution over values</th></tr></thead><tbody "
        "id=\"state\"></tbody></table></div></div>\n"
        "<noscript><p>Walking through needs JavaScript; the picture above does not.</p></noscript>\n";
    // A script element ends at the first "</", whatever it holds.
    std::string embedded = base::json_text(data);
    for (std::size_t place = 0; (place = embedded.find('<', place)) != std::string::npos; place += 6)
        embedded.replace(place, 1, "\\u003c");
    steps += "<script type=\"application/json\" id=\"data\">" + embedded + "</script>\n";
    if (kept < trace.steps.size())
        steps += paragraph(fmt::format("The first {} of {} steps.", kept - 1, trace.steps.size() - 1));
    page.sections.push_back({"Step by step (arrow keys)", std::move(steps)});
    return to_html(page);
}

} // namespace ropewalk::cli
