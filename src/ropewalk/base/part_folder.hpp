// Parts of one run as folders beside each other: who wrote them, and which are still missing.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ropewalk/base/part.hpp"

namespace ropewalk::base {

/// What a finished part says of itself. Parts of one run agree in all but the part's number.
struct Manifest {
    std::string version;                       ///< of the program that wrote it
    std::string target;                        ///< kernels that its numbers come from
    std::string command;                       ///< such as `reproduce sdp-table1`
    std::vector<std::string> arguments;        ///< that change the result, in the command's own order
    std::map<std::string, std::string> inputs; ///< what was read, such as the task's examples: SHA-256 by name
    Part part;

    friend bool operator==(const Manifest&, const Manifest&) = default;
};

/// `FOLDER/parts/3-of-8`, where part 3 of 8 keeps its files.
std::string folder_of_part(const std::string& folder, const Part& part);

inline constexpr const char* manifest_name = "part.json";

/// Writes the manifest, which says that the other files of the part's folder are whole: the last one to be written.
Status save_manifest(const std::string& part_folder, const Manifest& manifest);

/// All parts of a run.
struct PartFolders {
    Manifest manifest; ///< of the first one
    std::vector<std::string> folders; ///< by number
};

/// The parts below `FOLDER/parts`. Fails when one is missing or not finished, and names all that are; or when they are of
/// runs that differ, and names two of them and what differs.
Result<PartFolders> find_parts(const std::string& folder);

/// Where a and b differ, as `a` has it and as `b` has it; two empty texts where they are of one run.
std::pair<std::string, std::string> difference(const Manifest& a, const Manifest& b);

} // namespace ropewalk::base
