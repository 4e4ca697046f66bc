// What a run is to solve: images, tasks drawn from the pool, and the tables they need.
#pragma once

#include <span>
#include <string>
#include <variant>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/problems/batch.hpp"

namespace ropewalk::perception {

/// What a manifest gives: rows of a user's own images, behind which no formula and no symbol is known.
struct Given {
    GivenRows training, validation;
    std::vector<std::string> files;   ///< of the images, as the manifest names them
    std::vector<std::string> outputs; ///< names of the tasks
    double scale = 1;                 ///< a symbol is this times what the grounder gives
    std::vector<std::string> columns; ///< of images, as the manifest names them
    datasets::ImageForm form;         ///< into which the files were brought
    std::vector<std::string> notes;   ///< what a person should know of the table
    /// Of outputs that are texts: their texts, of which an output is the number, from 0; [tasks], mostly empty.
    std::vector<std::vector<std::string>> words;
};

/// Any images form a row of a task of the pool.
struct FormedRows {};

/// Every task of the pool has images of its own to learn from.
struct PrivateRows {};

/// Images and tasks. A task is a formula of the pool; learning sees only the outputs it gives.
struct Problem {
    datasets::Dataset dataset;
    formula::Pool pool;                  ///< without the zero polynomial: 1,101 formulas for three operators
    identification::MonomialTable table; ///< of the pool
    std::vector<std::size_t> tasks;      ///< indices into the pool, all different; none where rows are given
    std::vector<double> sigma; ///< population standard deviation of each task's outputs on training labels
    std::uint64_t seed = 0;
    std::variant<FormedRows, PrivateRows, Given> rows; ///< which images stand together, and who says so

    /// The programs behind the tasks.
    std::vector<formula::Program> programs() const;

    /// The programs at places of the pool.
    std::vector<formula::Program> programs(std::span<const std::size_t> formulas) const;

    std::size_t task_count() const { return sigma.size(); }

    /// Whether any images can be put into a row, see SymbolTable.
    bool can_form_rows() const { return std::holds_alternative<FormedRows>(rows); }

    /// Whether rows have so many images, or each as many as it has, that only programs over rows of any length are
    /// asked.
    bool has_long_rows() const;

    /// Whether all tasks say something about every row, as a consensus needs.
    bool has_shared_rows() const { return !has_private_images(); }

    bool has_private_images() const { return std::holds_alternative<PrivateRows>(rows); }

    /// The rows of a user's own, or null.
    const Given* given() const { return std::get_if<Given>(&rows); }
    Given* given() { return std::get_if<Given>(&rows); }
};

/// What a task is called: the name of its column, or its number.
std::string task_name(const Problem& problem, std::size_t task);

struct ProblemOptions {
    std::size_t tasks = 500;
    int operators = 3; ///< of the pool's largest formulas
    std::uint64_t seed = 0;
    bool private_images = false;
};

/// What the problem's examples are drawn from; a task has at least `least` images where they are private.
/// Fails where give_private_images and example_source do.
base::Result<ExampleSource> example_source(const Problem& problem, std::size_t least);

/// Fails when the pool has fewer formulas than tasks.
base::Result<Problem> make_problem(datasets::Dataset dataset, const ProblemOptions& options);

} // namespace ropewalk::perception
