// ropewalk: the face of the library. A program that uses Ropewalk includes this header, or the one of a
// wing's room it needs, and links `ropewalk::ropewalk`. What is named here stays; everything else may change
// between minor versions.
//
//   programs  a task, or examples as a task -> a certified program     induce, rebase, tune, certify, save
//             examples of lists             -> a program over lists      synthesise, choose
//   formulas  a table of numbers            -> formulas for a column   read_table, search_formulas, to_text
//   images    images and numbers            -> a reader and formulas   perceive
//             a run, and new images         -> letters and outputs      open_run, read_files, predict, evaluate
//
// Every verb takes plain values and returns a value or the reasons why there is none (`Result`); none prints,
// exits, throws on bad input, or sets an environment variable.
#pragma once

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/table/table.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/perceiving/perceiving.hpp"
#include "ropewalk/images/prediction/prediction.hpp"
#include "ropewalk/programs/exports/exports.hpp"
#include "ropewalk/programs/induction/induction.hpp"
#include "ropewalk/version.hpp"

namespace ropewalk {

using base::Diagnostic, base::Diagnostics, base::Result, base::Status, base::Overwrite;

// Programs.
using induction::induce, induction::Induced, induction::InduceOptions;
using induction::rebase, induction::Rebased, induction::RebaseOptions;
using induction::save;
using tasks::Task, tasks::find_task, tasks::load_examples, tasks::parse_examples;
using synthesis::choose, synthesis::Choice;
using synthesis::synthesise, synthesis::Synthesised, synthesis::SynthesisOptions;
using tuning::certify, tuning::Certificate, tuning::CertifyOptions;
using tuning::save;
using tuning::tune, tuning::TuneOptions, tuning::TuneResult;

// Formulas.
using formula::read_table, formula::Table, formula::TableOptions;
using formula::search_formulas, formula::FormulaReport, formula::SearchOptions;

// Images.
using learning::Settings;
using perceiving::perceive, perceiving::Perceived, perceiving::PerceiveOptions, perceiving::settings_of_run;
using prediction::evaluate, prediction::Evaluation, prediction::EvaluateOptions;
using prediction::open_run, prediction::Reader, prediction::ReaderOptions;
using prediction::predict, prediction::Prediction;
using prediction::read_files, prediction::ReadFiles;

} // namespace ropewalk
