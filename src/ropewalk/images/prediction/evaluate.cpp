#include "ropewalk/images/prediction/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/prediction/row_fields.hpp"

namespace ropewalk::prediction {

namespace {

const formula::MixedColumn* find_column(const perception::ImageRows& rows, const std::string& name) {
    const auto found = std::find_if(rows.others.begin(), rows.others.end(),
                                    [&](const formula::MixedColumn& each) { return each.name == name; });
    return found == rows.others.end() ? nullptr : &*found;
}

/// What a table gives for an output, words as their numbers.
base::Result<std::vector<double>> given_of(const formula::MixedColumn& column,
                                           const learning::StoredOutput& output,
                                           const perception::ImageRows& rows, const std::string& path) {
    if (!column.is_text) return column.numbers;
    std::vector<double> given;
    for (std::size_t n = 0; n < column.texts.size(); ++n) {
        const auto word = std::find(output.words.begin(), output.words.end(), column.texts[n]);
        if (word == output.words.end() && formula::cell_of(column.texts[n]).kind == formula::CellKind::missing) {
            given.push_back(std::nan(""));
            continue;
        }
        if (word == output.words.end())
            return base::failure(base::Diagnostics{
                {.file = path,
                 .line = rows.lines[n],
                 .found = base::quoted(column.texts[n]) + " in column " + base::quoted(column.name),
                 .expected = output.words.empty() ? "a number"
                                                  : fmt::format("{}", fmt::join(output.words, ", "))}});
        given.push_back(static_cast<double>(word - output.words.begin()));
    }
    return given;
}

/// Of the values that are given, not missing.
double variance(std::vector<double> values) {
    values.erase(std::remove_if(values.begin(), values.end(), [](double value) { return std::isnan(value); }),
                 values.end());
    double mean = 0, sum = 0;
    for (const double value : values) mean += value / static_cast<double>(values.size());
    for (const double value : values) sum += (value - mean) * (value - mean);
    return sum / static_cast<double>(values.size());
}

OutputScore score_of(std::size_t output, std::vector<double> given, const double* predicted) {
    const double spread = variance(given), tolerance = perception::tolerance_of(given, std::sqrt(spread));
    OutputScore score{.output = output, .given = std::move(given), .right = {}};
    for (const double value : score.given) score.rows += std::isnan(value) ? 0 : 1;
    const auto rows = static_cast<double>(score.rows);
    for (std::size_t n = 0; n < score.given.size(); ++n) {
        const double error = std::abs(predicted[n] - score.given[n]);
        score.right.push_back(error <= tolerance);
        if (std::isnan(score.given[n])) continue;
        score.rights += score.right.back() ? 1 : 0;
        score.mean_error += error / rows;
        score.squared_error += error * error / rows;
    }
    score.share_of_variance = spread > 0 ? score.squared_error / spread : 0;
    return score;
}

/// Numbers as short as they are, so that 3 and 3.0 are one; empty where there is none.
std::string label_text(const formula::MixedColumn& column, std::size_t row) {
    if (!column.is_text && std::isnan(column.numbers[row])) return {};
    return column.is_text ? column.texts[row] : fmt::format("{:.7g}", column.numbers[row]);
}

base::Result<Confusion> confusion_of(const Reader& reader, const Prediction& prediction,
                                     const std::vector<std::string>& names, const std::string& path) {
    const perception::ImageRows& rows = prediction.table.rows;
    const std::size_t variables = rows.columns.size();
    if (names.size() != variables)
        return base::failure("setting `letter-columns`", fmt::format("{} columns", names.size()),
                             fmt::format("{}, one for each column of images", variables));
    if (!rows.starts.empty())
        return base::failure("setting `letter-columns`", "lists of images", "one image in each column");
    if (reader.letters.empty())
        return base::failure("setting `letter-columns`", "a run that reads no letters",
                             "a run whose symbols were decoded into letters");
    std::map<std::string, std::vector<std::size_t>> counts;
    std::map<std::string, std::size_t> letters;
    for (std::size_t k = 0; k < reader.letters.size(); ++k)
        letters[fmt::format("{:.7g}", reader.letters[k])] = k;
    Confusion confusion{.given = {}, .counts = {}, .right = 0};
    for (std::size_t v = 0; v < variables; ++v) {
        const formula::MixedColumn* column = find_column(rows, names[v]);
        if (column == nullptr)
            return base::failure(path, "no column " + base::quoted(names[v]),
                                 "the columns that setting `letter-columns` names");
        for (std::size_t n = 0; n < rows.rows(); ++n) {
            const std::string label = label_text(*column, n);
            if (label.empty()) continue;
            const std::size_t read = prediction.letters[rows.places[n * variables + v]].letter;
            std::vector<std::size_t>& of_label = counts[label];
            of_label.resize(reader.letters.size());
            ++of_label[read];
            ++confusion.images;
            const auto meant = letters.find(label);
            if (meant == letters.end())
                confusion.right = std::nullopt;
            else if (confusion.right && meant->second == read)
                ++*confusion.right;
        }
    }
    if (confusion.images == 0)
        return base::failure(path, fmt::format("no value in {}", fmt::join(names, ", ")),
                             "what images show in the columns that setting `letter-columns` names");
    std::vector<std::string> order;
    for (const auto& [label, of_label] : counts) order.push_back(label);
    std::stable_sort(order.begin(), order.end(), [](const std::string& a, const std::string& b) {
        return std::strtod(a.c_str(), nullptr) < std::strtod(b.c_str(), nullptr);
    });
    for (const std::string& label : order) {
        confusion.given.push_back(label);
        confusion.counts.push_back(counts[label]);
    }
    return confusion;
}

} // namespace

base::Result<Evaluation> evaluate(const Reader& reader, const std::string& path,
                                  const EvaluateOptions& options) {
    auto prediction = predict(reader, path);
    if (!prediction) return base::failure(prediction.error());
    Evaluation evaluation{std::move(*prediction), {}, {}};
    const perception::ImageRows& rows = evaluation.prediction.table.rows;
    std::vector<std::string> names;
    for (std::size_t t = 0; t < reader.run.outputs.size(); ++t) {
        const learning::StoredOutput& output = reader.run.outputs[t];
        names.push_back(output.name);
        const formula::MixedColumn* column = find_column(rows, output.name);
        if (column == nullptr) continue;
        auto given = given_of(*column, output, rows, path);
        if (!given) return base::failure(given.error());
        if (std::all_of(given->begin(), given->end(), [](double value) { return std::isnan(value); })) continue;
        evaluation.scores.push_back(score_of(
            t, std::move(*given), evaluation.prediction.outputs.values.data() + t * rows.rows()));
    }
    if (evaluation.scores.empty())
        return base::failure(path, "no value of an output of the run",
                             fmt::format("a column {}; `ropewalk predict` needs none", fmt::join(names, " or ")));
    if (!options.letter_columns.empty()) {
        auto confusion = confusion_of(reader, evaluation.prediction, options.letter_columns, path);
        if (!confusion) return base::failure(confusion.error());
        evaluation.confusion = std::move(*confusion);
    }
    return evaluation;
}

std::string to_csv(const Reader& reader, const Evaluation& evaluation) {
    const auto& [table, letters, outputs] = evaluation.prediction;
    const std::size_t rows = table.rows.rows();
    const bool has_letters = !letters.empty();
    std::string text = "line";
    for (const std::string& column : table.rows.columns) text += "," + formula::csv_field(column);
    if (has_letters)
        for (const std::string& column : table.rows.columns) text += "," + formula::csv_field(column + "_letter");
    for (const OutputScore& score : evaluation.scores) {
        const std::string& name = reader.run.outputs[score.output].name;
        for (const char* what : {"", "_predicted", "_probability", "_right"})
            if (has_letters || what != std::string_view("_probability"))
                text += "," + formula::csv_field(name + what);
    }
    text += '\n';
    const auto file = [&table = table](std::uint32_t image) { return table.rows.files[image]; };
    const auto letter = [&reader, &letters = letters](std::uint32_t image) {
        return fmt::format("{:.7g}", reader.letters[letters[image].letter]);
    };
    for (std::size_t n = 0; n < rows; ++n) {
        text += std::to_string(table.rows.lines[n]);
        text += row_fields(table.rows, n, file);
        if (has_letters) text += row_fields(table.rows, n, letter);
        for (const OutputScore& score : evaluation.scores) {
            const learning::StoredOutput& output = reader.run.outputs[score.output];
            const std::size_t at = score.output * rows + n;
            const bool is_given = !std::isnan(score.given[n]);
            text += "," + (is_given ? formula::csv_field(output_text(output, score.given[n])) : "");
            text += "," + formula::csv_field(output_text(output, outputs.values[at]));
            if (has_letters) text += fmt::format(",{:.6g}", outputs.probabilities[at]);
            text += !is_given ? "," : score.right[n] ? ",1" : ",0";
        }
        text += '\n';
    }
    return text;
}

} // namespace ropewalk::prediction
