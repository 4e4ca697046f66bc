#include "papers/results/digit_tasks.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "papers/results/operator_signs.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk::papers {

namespace {

using Letters = std::span<const double>;

/// A rule of one output.
DigitRule one(double (*of)(Letters)) {
    return [of](Letters s) { return std::vector<double>{of(s)}; };
}

double sum_of(Letters s) { return std::accumulate(s.begin(), s.end(), 0.0); }

double product_of(Letters s) { return std::accumulate(s.begin(), s.end(), 1.0, std::multiplies<>()); }

/// Two numbers, each with half of the letters, the highest digit first.
double digits_added(Letters s) {
    double sum = 0;
    for (std::size_t i = 0; i < s.size() / 2; ++i) sum = 10 * sum + s[i] + s[s.size() / 2 + i];
    return sum;
}

double calculated(Letters s) {
    return s[1] == first_sign ? s[0] + s[2] : s[1] == first_sign + 1 ? s[0] - s[2] : s[0] * s[2];
}

std::vector<double> sorted_row(Letters s) {
    std::vector<double> row(s.begin(), s.end());
    std::sort(row.begin(), row.end());
    return row;
}

std::vector<DigitTask> all_tasks() {
    using Rows = DigitTask::Rows;
    std::vector<DigitTask> tasks;
    const auto pairs = [&](std::size_t rows, const char* published) {
        tasks.push_back({fmt::format("pairs-{}", rows), Rows::pairs, 2, rows, 1, one(sum_of), published});
    };
    pairs(24000, "97.7 (NSIL: digits 0-9, +, a hypothesis space)");
    pairs(2400, "94.2 (NSIL: digits 0-9, +, a hypothesis space)");
    pairs(1200, "77.7 (NSIL: digits 0-9, +, a hypothesis space)");
    for (const auto& [places, published] : {std::pair{1, "98.4 (the program)"}, std::pair{2, "96.7 (the program)"},
                                            std::pair{4, "93.5 (the program)"}, std::pair{15, "77.1 (the program)"}})
        tasks.push_back({fmt::format("addition-{}", places), Rows::addition, static_cast<std::size_t>(places), 0, 1,
                         one(digits_added), published});
    const auto groups_of = [&](const char* name, std::size_t places, double (*rule)(Letters),
                               const char* published = "") {
        tasks.push_back({name, Rows::groups, places, 5000, 1, one(rule), published});
    };
    groups_of("max", 2, [](Letters s) { return std::max(s[0], s[1]); });
    groups_of("min", 2, [](Letters s) { return std::min(s[0], s[1]); });
    groups_of("equal", 2, [](Letters s) { return s[0] == s[1] ? 1.0 : 0.0; });
    groups_of("less", 2, [](Letters s) { return s[0] < s[1] ? 1.0 : 0.0; });
    groups_of("mod10", 2, [](Letters s) { return std::fmod(s[0] + s[1], 10); });
    groups_of("parity", 2, [](Letters s) { return std::fmod(s[0] + s[1], 2); });
    groups_of("count", 3, [](Letters s) { return static_cast<double>(std::count(s.begin(), s.end(), 7.0)); });
    groups_of("tens", 2, [](Letters s) { return 10 * s[0] + s[1]; });
    groups_of("plus3", 2, [](Letters s) { return s[0] + s[1] + 3; });
    groups_of("if-less", 2, [](Letters s) { return s[0] < s[1] ? s[0] : s[0] + s[1] + 4; });
    groups_of("if-equal", 2, [](Letters s) { return s[0] == s[1] ? s[0] : s[0] * s[1] + 1; });
    groups_of("if-even", 2, [](Letters s) { return std::fmod(s[0], 2) == 0 ? s[0] + s[1] : s[1]; });
    groups_of("sum-8", 8, sum_of, "");
    groups_of("sum-16", 16, sum_of, "83.8 (CTSketch: the program)");
    groups_of("sum-64", 64, sum_of, "47.1 (CTSketch: the program)");
    groups_of("sum-200", 200, sum_of, "");
    groups_of("parity-20", 20, [](Letters s) { return std::fmod(sum_of(s), 2); });
    tasks.push_back({"operators", Rows::operators, 3, 5000, 1, one(calculated), ""});
    tasks.push_back({"sort3", Rows::groups, 3, 5000, 3, sorted_row, ""});
    tasks.push_back({"sequences-sum", Rows::sequences, 0, 3000, 1, one(sum_of), "0.208 / 0.550 / 3.96 (NSIL: head, tail, add, mult, eq, digits)"});
    tasks.push_back({"sequences-product", Rows::sequences, 0, 3000, 1, one(product_of), "log error 0.290 / 0.469 (NSIL: as above)"});
    return tasks;
}

/// A list's lines as whole numbers.
struct NumberList {
    std::string path;
    std::vector<std::vector<std::int64_t>> lines;
    std::vector<int> numbers; ///< of the lines, among all of the file

    tl::unexpected<base::Diagnostics> bad(std::size_t line, std::string found, std::string expected) const {
        return base::failure(base::Diagnostics{
            {.file = path, .line = numbers[line], .found = std::move(found), .expected = std::move(expected)}});
    }
};

/// Without a header, which is a first line of names. Fails on fields that are no whole numbers.
base::Result<NumberList> read_list(const std::string& folder, const std::string& name) {
    constexpr std::size_t largest = std::size_t{1} << 26;
    NumberList list{.path = (std::filesystem::path(folder) / name).string(), .lines = {}, .numbers = {}};
    const auto text = datasets::read_unpacked(list.path, [](std::string_view) { return largest; });
    if (!text) return base::failure(text.error());
    std::istringstream stream(*text);
    int number = 0;
    for (std::string line; std::getline(stream, line);) {
        ++number;
        if (line.ends_with('\r')) line.pop_back();
        if (line.empty() || (number == 1 && std::isalpha(static_cast<unsigned char>(line.front())) != 0)) continue;
        list.lines.emplace_back();
        list.numbers.push_back(number);
        for (const char *at = line.data(), *const end = at + line.size();; ++at) {
            const auto [stopped, error] = std::from_chars(at, end, list.lines.back().emplace_back());
            if (error != std::errc() || (stopped != end && *stopped != ','))
                return list.bad(list.lines.size() - 1, base::quoted(line), "whole numbers between commas");
            at = stopped;
            if (at == end) break;
        }
    }
    return list;
}

/// Where the images of the original order stand in ours.
base::Result<std::vector<std::uint32_t>> read_order(const DigitData& data, const char* name, std::size_t images) {
    std::vector<std::uint32_t> order(images);
    std::iota(order.begin(), order.end(), 0u);
    if (data.lists.empty()) return order; // the original files
    const auto list = read_list(data.lists, name);
    if (!list) return base::failure(list.error());
    if (list->lines.size() != images)
        return base::failure(list->path, fmt::format("{} lines", list->lines.size()),
                             fmt::format("{}, one for each image", images));
    std::vector<bool> seen(images);
    for (std::size_t i = 0; i < images; ++i) {
        const std::int64_t place = list->lines[i].front();
        if (list->lines[i].size() != 1 || place < 0 || place >= static_cast<std::int64_t>(images) ||
            seen[static_cast<std::size_t>(place)])
            return list->bad(i, fmt::format("{}", fmt::join(list->lines[i], ",")), "the place of an image, each once");
        seen[static_cast<std::size_t>(place)] = true;
        order[i] = static_cast<std::uint32_t>(place);
    }
    return order;
}

double letter_of(const datasets::Images& images, std::uint32_t image) { return images.labels[image] - 1.0; }

/// Adds a row, with what the rule makes of it: [rows, outputs] for now.
void add_row(perception::GivenRows& rows, std::span<const std::uint32_t> row, const datasets::Images& images,
             const DigitRule& rule, bool any_length) {
    if (any_length) rows.starts.push_back(static_cast<std::uint32_t>(rows.images.size()));
    std::vector<double> letters;
    for (const std::uint32_t image : row) {
        rows.images.push_back(image);
        letters.push_back(letter_of(images, image));
    }
    const std::vector<double> outputs = rule(letters);
    rows.y.insert(rows.y.end(), outputs.begin(), outputs.end());
    ++rows.rows;
}

/// Ends the rows: outputs become [outputs, rows].
void end_rows(perception::GivenRows& rows, std::size_t outputs) {
    if (!rows.starts.empty()) rows.starts.push_back(static_cast<std::uint32_t>(rows.images.size()));
    std::vector<double> y(rows.y.size());
    for (std::size_t n = 0; n < rows.rows; ++n)
        for (std::size_t t = 0; t < outputs; ++t) y[t * rows.rows + n] = rows.y[n * outputs + t];
    rows.y = std::move(y);
}

/// Groups of images in an order, as many as there are or as `most` says.
perception::GivenRows groups_of(std::span<const std::uint32_t> order, const datasets::Images& images,
                                const DigitTask& task, std::size_t places, std::size_t most) {
    perception::GivenRows rows;
    const std::size_t all = order.size() / places;
    for (std::size_t n = 0; n < (most == 0 ? all : std::min(all, most)); ++n)
        add_row(rows, order.subspan(n * places, places), images, task.rule, false);
    end_rows(rows, task.outputs);
    return rows;
}

std::vector<std::uint32_t> shuffled(std::size_t count, std::uint64_t seed) {
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0u);
    base::RandomStream random(seed, base::Purpose::table_rows);
    for (std::size_t i = 0; i + 1 < count; ++i) std::swap(order[i], order[i + random.below64(count - i)]);
    return order;
}

/// Orders one after the other, for groups that use images again.
std::vector<std::uint32_t> shuffled_for(std::size_t wanted, std::size_t count, std::uint64_t seed) {
    std::vector<std::uint32_t> order;
    for (std::uint64_t round = 0; order.size() < wanted; ++round) {
        const auto more = shuffled(count, seed + 1000 * round);
        order.insert(order.end(), more.begin(), more.end());
    }
    order.resize(wanted);
    return order;
}

/// Rows of a list; places of images and output in its lines differ.
base::Result<perception::GivenRows> listed(const DigitTask& task, const DigitData& data, const char* list,
                                           const datasets::Images& images, std::span<const std::uint32_t> order,
                                           std::size_t most) {
    const bool pairs = task.rows == DigitTask::Rows::pairs;
    const auto read = read_list(data.lists, list);
    if (!read) return base::failure(read.error());
    perception::GivenRows rows;
    for (std::size_t n = 0; n < read->lines.size(); ++n) {
        if (most > 0 && rows.rows == most) break;
        const std::vector<std::int64_t>& line = read->lines[n];
        if (pairs ? line.size() != 3 : line.size() < 2)
            return read->bad(n, fmt::format("{} numbers", line.size()), pairs ? "i,j,label" : "label,i1,i2,...");
        std::vector<std::uint32_t> row;
        for (std::size_t i = pairs ? 0 : 1; i < line.size() - (pairs ? 1 : 0); ++i) {
            if (line[i] < 0 || line[i] >= static_cast<std::int64_t>(order.size()))
                return read->bad(n, fmt::format("image {}", line[i]), fmt::format("0 to {}", order.size() - 1));
            row.push_back(order[static_cast<std::size_t>(line[i])]);
        }
        add_row(rows, row, images, task.rule, !pairs);
        const std::int64_t given = pairs ? line.back() : line.front();
        if (rows.y.back() != static_cast<double>(given))
            return read->bad(n, fmt::format("output {} of digits that make {}", given, rows.y.back()),
                             "the list that the images belong to");
    }
    if (rows.rows == 0) return base::failure(read->path, "no rows", "rows of images");
    end_rows(rows, 1);
    return rows;
}

/// Digit, operator, digit: signs are digits_added to the images.
void add_operators(DigitTable& table, const DigitTask& task, std::uint64_t seed) {
    const auto build = [&](datasets::Images& images, std::size_t most, std::uint64_t stream) {
        const std::size_t digits = images.count(), count = std::min(most, digits / 2);
        const std::vector<std::uint32_t> order = shuffled(digits, seed + stream);
        add_signs(images, count, seed + stream);
        perception::GivenRows rows;
        for (std::size_t n = 0; n < count; ++n)
            add_row(rows, std::array{order[2 * n], static_cast<std::uint32_t>(digits + n), order[2 * n + 1]}, images,
                    task.rule, false);
        end_rows(rows, 1);
        return rows;
    };
    table.train = build(table.images, task.count, 0);
    table.test = build(table.test_images, 3000, 500);
}

} // namespace

const std::vector<DigitTask>& digit_tasks() {
    static const std::vector<DigitTask> tasks = all_tasks();
    return tasks;
}

base::Result<DigitTable> digit_table(const DigitTask& task, const DigitData& data, std::uint64_t seed) {
    using Rows = DigitTask::Rows;
    DigitTable table{data.mnist.train, data.mnist.test, {}, {}};
    if (task.rows == Rows::operators) {
        add_operators(table, task, seed);
        return table;
    }
    const std::size_t places = task.rows == Rows::addition ? 2 * task.places : task.places;
    if (task.rows == Rows::groups) {
        table.train = groups_of(shuffled_for(task.count * places, table.images.count(), seed), table.images, task,
                                places, task.count);
        table.test = groups_of(shuffled(table.test_images.count(), seed), table.test_images, task, places, 0);
        return table;
    }
    const auto order = read_order(data, "order-train.txt.gz", table.images.count());
    if (!order) return base::failure(order.error());
    const auto test_order = read_order(data, "order-test.txt.gz", table.test_images.count());
    if (!test_order) return base::failure(test_order.error());
    if (task.rows == Rows::addition) {
        table.train = groups_of(*order, table.images, task, places, 0);
        table.test = groups_of(*test_order, table.test_images, task, places, 0);
        return table;
    }
    const bool pairs = task.rows == Rows::pairs, product = task.name == "sequences-product";
    auto train = listed(task, data,
                        pairs     ? "pairs/sum-train.csv.gz"
                        : product ? "sequences/prod-train.csv.gz"
                                  : "sequences/sum-train.csv.gz",
                        table.images, *order, task.count);
    if (!train) return base::failure(train.error());
    auto test = listed(task, data,
                       pairs     ? "pairs/sum-test.csv.gz"
                       : product ? "sequences/prod-test-short.csv.gz"
                                 : "sequences/sum-test-short.csv.gz",
                       table.test_images, *test_order, 0);
    if (!test) return base::failure(test.error());
    table.train = std::move(*train);
    table.test = std::move(*test);
    const std::vector<std::string> longer = pairs     ? std::vector<std::string>{}
                                            : product ? std::vector<std::string>{"prod-test-10", "prod-test-15"}
                                                      : std::vector<std::string>{"sum-test-10", "sum-test-100-ours"};
    for (const std::string& list : longer) {
        auto rows = listed(task, data, ("sequences/" + list + ".csv.gz").c_str(), table.test_images, *test_order, 0);
        if (!rows) return base::failure(rows.error());
        table.longer.emplace_back(list, std::move(*rows));
    }
    return table;
}

} // namespace ropewalk::papers
