// Reading what a command left: fields that may be missing, in files that people may have edited.
#pragma once

#include <string>

#include "app/shared/shared.hpp"

namespace ropewalk::cli {

/// A field of an object, or null.
const Json& field_of(const Json& object, const char* key);

/// A field as text: a string as it is, all else as JSON; empty where there is none or null.
std::string text_of(const Json& object, const char* key);

/// A field as a number; NaN where there is none.
double number_of(const Json& object, const char* key);

/// A field as a count up to a thousand million; 0 where there is none.
std::int64_t count_of(const Json& object, const char* key);

bool flag_of(const Json& object, const char* key);

/// A number with four digits, `-` where it is not finite.
std::string short_number(double value);

/// The JSON in a file; fails with the file's name where it holds none.
base::Result<Json> read_json(const std::string& path);

/// The same, which must be an object.
base::Result<Json> read_record(const std::string& path);

/// The name of a file in the folder of a record; empty, which is no file, where it has none.
std::string file_in(const std::string& folder, const char* name);

/// The fields of an object as a table of two columns, those of objects within it among them.
std::string settings_table(const Json& object);

} // namespace ropewalk::cli
