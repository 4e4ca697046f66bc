# The rooms of the house, each with the rooms it uses directly, the packages that only it needs, and what it is about. A
# room may include what it uses and what those use in turn. CMake builds from this list, tests/rooms holds the sources to it, and cmake/draw_rooms.cmake
# writes the table and the picture of ARCHITECTURE.md from it.
ropewalk_room(base NEEDS nettle nlohmann_json::nlohmann_json ABOUT "diagnostics as values, random streams, parallel loops, intervals, progress, files, text")

ropewalk_room(programs/assembly USES base
              ABOUT "the instruction table, lexer, parser, printer, reachability, instruction sets")
ropewalk_room(programs/language USES programs/assembly
              ABOUT "array programs: parser, printer, evaluator, lowering to assembly")
ropewalk_room(programs/values USES base NEEDS nlohmann_json::nlohmann_json
              ABOUT "whole numbers, truth values, texts and lists of them, each list stored once")
ropewalk_room(programs/functional USES programs/values
              ABOUT "typed programs over lists: operators, text, types, evaluation, simplification")
ropewalk_room(programs/synthesis USES programs/functional NEEDS nlohmann_json::nlohmann_json
              ABOUT "programs over lists from examples: contexts, banks, goals, choice")
ropewalk_room(programs/machine USES programs/assembly NEEDS hwy::hwy
              ABOUT "exact machine, differentiable machine: kernels, adjoint, losses, mass ledger")
ropewalk_room(programs/lowering USES programs/functional programs/language programs/machine
              ABOUT "programs over lists as assembly: layout of memory, lowering, what a machine must have for it")
ropewalk_room(programs/compiler USES programs/machine NEEDS nlohmann_json::nlohmann_json
              ABOUT "program to weights (lower, compile), weights to program (decompile), model files")
ropewalk_room(programs/exports USES programs/synthesis programs/compiler NEEDS nlohmann_json::nlohmann_json
              ABOUT "programs over lists and machines as source text of other languages, with a self-test")
ropewalk_room(programs/tasks USES programs/machine NEEDS nlohmann_json::nlohmann_json
              ABOUT "catalogue of tasks over indexed domains, files of examples")
ropewalk_room(programs/tuning USES programs/compiler programs/tasks NEEDS nlohmann_json::nlohmann_json
              ABOUT "initialise, descend (Adam), harden, judge, repair, certify")
ropewalk_room(programs/search USES programs/language programs/tasks NEEDS nlohmann_json::nlohmann_json
              ABOUT "sketches, banks of hole fillings, enumeration, sequences, library learning")
ropewalk_room(programs/induction USES programs/search programs/tuning
              ABOUT "search, tuning and repair in turns, from a task to a certified program")

ropewalk_room(formulas/expression USES base NEEDS flint
              ABOUT "operators, units, formulas as straight-line programs, their normal form")
ropewalk_room(formulas/text USES formulas/expression NEEDS nlohmann_json::nlohmann_json
              ABOUT "formulas as text, for people, for other programs, and back")
ropewalk_room(formulas/table USES formulas/expression NEEDS csv
              ABOUT "tables of numbers from CSV files, fits, the front of size against error")
ropewalk_room(formulas/search USES formulas/table NEEDS hwy::hwy Eigen3::Eigen nlohmann_json::nlohmann_json
              ABOUT "enumeration, exact search with its kernels, the pool of small formulas")
ropewalk_room(formulas/laws USES formulas/search formulas/text NEEDS Eigen3::Eigen
              ABOUT "formulas for real data: sums of terms and fitted numbers, and which formula is the answer")
ropewalk_room(formulas/sketch USES formulas/table NEEDS hwy::hwy
              ABOUT "relaxed formulas, their executor and kernels, descent on them")

ropewalk_room(images/datasets USES base NEEDS ZLIB::ZLIB PNG::PNG JPEG::JPEG
              ABOUT "labelled images: IDX, CIFAR-10, PNG and JPEG files, glyphs, pixels for networks")
ropewalk_room(images/rules USES formulas/text NEEDS nlohmann_json::nlohmann_json
              ABOUT "rules beside formulas of + - *: families, folds over rows of letters and their exact likelihoods")
ropewalk_room(images/identification USES images/rules formulas/search
              ABOUT "formulas and symbols from numbers alone: posterior, consensus, symbol tables, alphabets")
ropewalk_room(images/problems USES images/datasets images/identification
              ABOUT "images with tasks on them, drawn, given or from a manifest, and batches of their rows")
ropewalk_room(images/networks USES images/problems formulas/sketch NEEDS nlohmann_json::nlohmann_json ${CMAKE_DL_LIBS}
              ABOUT "networks that read images or write programs (torch/ alone knows libtorch)")
ropewalk_room(images/judging USES images/networks
              ABOUT "measures of reading and of tasks solved, on images that learning has not seen")
ropewalk_room(images/learning USES images/judging NEEDS nlohmann_json::nlohmann_json
              ABOUT "the hybrid method: formulas found exactly, images read by descent, folders of runs")
ropewalk_room(images/prediction USES images/learning
              ABOUT "finished runs used on new images: letters, outputs, how many are right")
ropewalk_room(images/proposing USES images/judging NEEDS nlohmann_json::nlohmann_json
              ABOUT "networks that write programs, taught by the posterior")
ropewalk_room(images/perceiving USES images/learning images/proposing NEEDS nlohmann_json::nlohmann_json
              ABOUT "one run from images and numbers to a judged answer, kept in a folder")

ropewalk_room(papers/shared USES base NEEDS nlohmann_json::nlohmann_json
              ABOUT "runs that are finished, their numbers and their part of a progress bar")
ropewalk_room(papers/sdp USES papers/shared programs/induction NEEDS nlohmann_json::nlohmann_json
              ABOUT "Synthesized Differentiable Programs: Table 1 and the curve of restarts")
ropewalk_room(papers/roap USES papers/shared images/learning images/proposing NEEDS nlohmann_json::nlohmann_json
              ABOUT "From Perception to Programs: the paper's own training, its tables and figures")
ropewalk_room(papers/results USES papers/shared formulas/laws images/learning programs/synthesis NEEDS nlohmann_json::nlohmann_json
              ABOUT "what docs/results measures beside the papers: physics laws, users' tables of images, tasks over lists")

ropewalk_room(app/shared USES programs/tuning NEEDS nlohmann_json::nlohmann_json CLI11::CLI11
              ABOUT "options, exit codes, values and errors as text, folders of results")
ropewalk_room(app/reports USES app/shared formulas/laws NEEDS nlohmann_json::nlohmann_json CLI11::CLI11
              ABOUT "what a command left as one HTML page: pages, tables, pictures, runs to walk through")
ropewalk_room(papers/commands USES app/reports papers/sdp papers/roap papers/results
              NEEDS nlohmann_json::nlohmann_json CLI11::CLI11
              ABOUT "the subcommand that repeats the papers' results")
ropewalk_room(app/manual USES app/shared NEEDS nlohmann_json::nlohmann_json CLI11::CLI11
              ABOUT "what the tree of commands says of itself: help, manual pages, completion of shells, pages of the docs")
ropewalk_room(app/commands USES app/manual app/reports papers/commands formulas/laws programs/induction programs/exports programs/lowering images/prediction images/perceiving
              NEEDS nlohmann_json::nlohmann_json CLI11::CLI11
              ABOUT "one file per subcommand, main.cpp lists them")
