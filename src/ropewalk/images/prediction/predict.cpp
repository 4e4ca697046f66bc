#include "ropewalk/images/prediction/predict.hpp"

#include <cmath>

#include <fmt/format.h>

#include "ropewalk/images/prediction/row_fields.hpp"

namespace ropewalk::prediction {

namespace {

/// Expectations under means and variances, [tasks, rows].
base::Result<std::vector<double>> expected_outputs(const Reader& reader, const ReadTable& table) {
    std::vector<formula::Program> formulas;
    for (const rules::Rule& rule : reader.rules()) formulas.push_back(std::get<formula::Program>(rule.program));
    const auto monomials = identification::monomial_table(formulas);
    if (!monomials) return base::failure(monomials.error());
    return identification::expected_values(*monomials, table.read.symbols, table.rows.places);
}

} // namespace

base::Result<Prediction> predict(const Reader& reader, const std::string& path) {
    auto table = read_table(reader, path);
    if (!table) return base::failure(table.error());
    Prediction prediction{std::move(*table), {}, {}};
    const std::vector<double>& probabilities = prediction.table.read.probabilities;
    if (reader.letters.empty()) {
        auto values = expected_outputs(reader, prediction.table);
        if (!values) return base::failure(values.error());
        prediction.outputs.values = std::move(*values);
        return prediction;
    }
    prediction.letters = perception::likeliest_letters(probabilities, reader.letters.size());
    prediction.outputs =
        perception::likeliest_outputs(reader.rules(), reader.letters, probabilities,
                                      {prediction.table.rows.rows(), prediction.table.rows.places,
                                       prediction.table.rows.starts}, reader.threads);
    return prediction;
}

std::string output_text(const learning::StoredOutput& output, double value) {
    constexpr double rounding = 1e-6;
    const double place = std::round(value);
    if (std::abs(place - value) <= rounding && place >= 0 && place < static_cast<double>(output.words.size()))
        return output.words[static_cast<std::size_t>(place)];
    return place == value && std::abs(value) <= rules::most_exact ? fmt::format("{:.0f}", value) : fmt::format("{:.12g}", value);
}

std::string to_csv(const Reader& reader, const Prediction& prediction) {
    const perception::ImageRows& rows = prediction.table.rows;
    const bool has_letters = !prediction.letters.empty();
    std::vector<std::string> header;
    for (const std::string& column : rows.columns) header.push_back(column);
    for (const learning::StoredOutput& output : reader.run.outputs) {
        header.push_back(output.name);
        if (has_letters) header.push_back(output.name + "_probability");
    }
    for (const std::string& column : rows.columns) {
        header.push_back(column + (has_letters ? "_letter" : "_symbol"));
        header.push_back(column + (has_letters ? "_probability" : "_deviation"));
    }
    const auto file = [&](std::uint32_t image) { return rows.files[image]; };
    const auto letter = [&](std::uint32_t image) {
        return fmt::format("{:.7g}", reader.letters[prediction.letters[image].letter]);
    };
    const auto probability = [&](std::uint32_t image) {
        return fmt::format("{:.17g}", prediction.letters[image].probability);
    };
    const auto mean = [&](std::uint32_t image) {
        return fmt::format("{:.17g}", prediction.table.read.symbols.mean[image]);
    };
    const auto deviation = [&](std::uint32_t image) {
        return fmt::format("{:.17g}", std::sqrt(prediction.table.read.symbols.variance[image]));
    };
    std::string text;
    for (std::size_t c = 0; c < header.size(); ++c)
        text += (c == 0 ? "" : ",") + formula::csv_field(header[c]);
    text += '\n';
    for (std::size_t n = 0; n < rows.rows(); ++n) {
        text += row_fields(rows, n, file).substr(1);
        for (std::size_t t = 0; t < reader.run.outputs.size(); ++t) {
            const std::size_t at = t * rows.rows() + n;
            text += "," + formula::csv_field(output_text(reader.run.outputs[t], prediction.outputs.values[at]));
            if (has_letters) text += fmt::format(",{:.17g}", prediction.outputs.probabilities[at]);
        }
        text += has_letters ? row_fields(rows, n, letter, probability) : row_fields(rows, n, mean, deviation);
        text += '\n';
    }
    return text;
}

} // namespace ropewalk::prediction
