# How a room of cmake/rooms.cmake becomes a library: one static library per room, whose link list is the list of rooms it
# may use.
add_library(ropewalk_settings INTERFACE)
target_include_directories(ropewalk_settings INTERFACE
                           $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include> $<INSTALL_INTERFACE:include>)
target_compile_features(ropewalk_settings INTERFACE cxx_std_20)
target_compile_definitions(ropewalk_settings INTERFACE $<$<BOOL:${ROPEWALK_EXPECTS}>:ROPEWALK_EXPECTS>)
# Designated initializers leave fields at their defaults on purpose, hence the one exception.
set(ROPEWALK_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wno-missing-field-initializers
    # False positives of GCC 12: on string + string (bug 105651), and on the defaults of nested option structs.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
    # libstdc++ 12 sorts by what it calls deprecated itself.
    $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
    $<$<BOOL:${ROPEWALK_WERROR}>:-Werror>)
# Our warnings are not for those who use the library.
target_compile_options(ropewalk_settings INTERFACE "$<BUILD_INTERFACE:${ROPEWALK_WARNINGS}>")

# Collecting garbage costs g++ a sixth of its time, and little memory is garbage: below 600 MB it is left, below 400 MB where
# the property ROPEWALK_LARGE_HEADERS says that headers alone take much.
set(ROPEWALK_FEW_COLLECTIONS
    $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=$<IF:$<BOOL:$<TARGET_PROPERTY:ROPEWALK_LARGE_HEADERS>>,400000,600000>>)
target_compile_options(ropewalk_settings INTERFACE $<BUILD_INTERFACE:${ROPEWALK_FEW_COLLECTIONS}>)

# Lets ccache keep what is compiled with a precompiled header.
set(ROPEWALK_KEEP_PREPROCESSED $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)

# What most files include costs a second in every unit: compiled once, for the rooms of all wings. Only where files are
# compiled several at once, so that other builds find out whether every file includes what it needs.
function(ropewalk_share_headers room library)
  if(NOT CMAKE_UNITY_BUILD OR room MATCHES "^app/|^papers/commands")
    return()
  elseif(room STREQUAL base)
    target_precompile_headers(${library} PRIVATE <algorithm> <cmath> <filesystem> <functional> <map> <memory> <optional> <set> <string> <variant>
                              <vector> <fmt/format.h> <fmt/ranges.h> ${PROJECT_SOURCE_DIR}/src/ropewalk/base/base.hpp
                              ${PROJECT_SOURCE_DIR}/src/ropewalk/base/json.hpp ${PROJECT_SOURCE_DIR}/src/ropewalk/base/random.hpp)
  else()
    target_precompile_headers(${library} REUSE_FROM ropewalk_base)
  endif()
  # False positives of GCC 12 inside the standard library's strings (bug 105329), which show where that is precompiled.
  target_compile_options(${library} PRIVATE ${ROPEWALK_KEEP_PREPROCESSED} $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>
                         $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread> $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds>)
endfunction()

# For code that takes longer to compile well than it ever runs. Nothing where the target is not built, or has headers alone.
function(ropewalk_optimise_little target)
  if(NOT TARGET ${target})
    return()
  endif()
  get_target_property(type ${target} TYPE)
  if(NOT type STREQUAL INTERFACE_LIBRARY)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
endfunction()

# The library of a room: programs/tasks is ropewalk_programs_tasks.
function(ropewalk_library_of room result)
  string(REPLACE "/" "_" name ${room})
  set(${result} ropewalk_${name} PARENT_SCOPE)
endfunction()

# Whether a room is to be built: its wing is, and for the subcommands of papers the command as well.
function(ropewalk_is_built room result)
  string(REGEX REPLACE "/.*" "" wing ${room})
  set(built OFF)
  if(wing STREQUAL base OR wing IN_LIST ROPEWALK_WINGS OR (wing STREQUAL app AND ROPEWALK_APP) OR (wing STREQUAL papers AND ROPEWALK_PAPERS))
    set(built ON)
  endif()
  if(room STREQUAL papers/commands AND NOT ROPEWALK_APP)
    set(built OFF)
  endif()
  set(${result} ${built} PARENT_SCOPE)
endfunction()

# The libraries of all rooms that are built, and all rooms with what they use as lines of C++ for tests/rooms.
set(ROPEWALK_LIBRARIES "")
set(ROPEWALK_ROOM_LINES "")

function(ropewalk_room room)
  cmake_parse_arguments(ROOM "" "ABOUT" "USES;NEEDS" ${ARGN})
  list(JOIN ROOM_USES "\", \"" quoted)
  set(line "    {\"${room}\", {\"${quoted}\"}},\n")
  string(REPLACE "{\"\"}" "{}" line ${line})
  string(APPEND ROPEWALK_ROOM_LINES ${line})
  set(ROPEWALK_ROOM_LINES ${ROPEWALK_ROOM_LINES} PARENT_SCOPE)
  ropewalk_is_built(${room} built)
  if(NOT built)
    return()
  endif()
  set(folder ${PROJECT_SOURCE_DIR}/src/ropewalk/${room})
  if(room MATCHES "^(papers|app)/")
    set(folder ${PROJECT_SOURCE_DIR}/${room})
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/(torch/|main.cpp$)")
  # Where files are compiled several at once, kernels are not: Highway includes each once per target.
  set(alone ${sources})
  list(FILTER alone INCLUDE REGEX "/kernels/")
  set_source_files_properties(${alone} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON SKIP_PRECOMPILE_HEADERS ON)
  # To watch the scopes of all that is inlined there takes a compiler more than a quarter of an hour a file.
  if(CMAKE_CXX_FLAGS MATCHES "fsanitize=address")
    set_source_files_properties(${alone} PROPERTIES COMPILE_OPTIONS -fno-sanitize-address-use-after-scope)
  endif()
  ropewalk_library_of(${room} library)
  # A library of another kind, such as libtorch's module, takes the kernels of its room without the rest.
  if(EXISTS ${folder}/torch)
    set(kernels ${sources})
    list(FILTER kernels INCLUDE REGEX "/kernels/")
    list(FILTER sources EXCLUDE REGEX "/kernels/")
    add_library(${library}_kernels STATIC ${kernels})
    target_link_libraries(${library}_kernels PUBLIC ropewalk_base PRIVATE hwy::hwy)
    list(APPEND ROOM_NEEDS ${library}_kernels)
  endif()
  # Headers alone concern nobody who links the library.
  list(TRANSFORM ROOM_NEEDS REPLACE "^(nlohmann_json::.*|Eigen3::.*|CLI11::.*)$" "$<BUILD_INTERFACE:\\1>")
  set(reach PUBLIC)
  if(sources)
    add_library(${library} STATIC ${sources})
    target_link_libraries(${library} PRIVATE ${ROOM_NEEDS})
    set_target_properties(${library} PROPERTIES UNITY_BUILD_BATCH_SIZE 12)
    ropewalk_share_headers(${room} ${library})
  else()
    set(reach INTERFACE)
    add_library(${library} INTERFACE)
  endif()
  list(APPEND ROPEWALK_LIBRARIES ${library})
  set(ROPEWALK_LIBRARIES ${ROPEWALK_LIBRARIES} PARENT_SCOPE)
  target_link_libraries(${library} ${reach} ropewalk_settings)
  if(room MATCHES "^(papers|app)/")
    target_include_directories(${library} ${reach} ${PROJECT_SOURCE_DIR})
  endif()
  foreach(used IN LISTS ROOM_USES)
    ropewalk_library_of(${used} used_library)
    if(TARGET ${used_library})
      target_link_libraries(${library} ${reach} ${used_library})
    endif()
  endforeach()
endfunction()
