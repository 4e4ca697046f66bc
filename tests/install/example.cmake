# The example project is built and run against an installed copy: cmake -D BUILD=build/release -D WORK=... -P example.cmake
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  message("${output}")
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}: exit ${status}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
foreach(file IN ITEMS share/man/man1/ropewalk-tune.1 share/bash-completion/completions/ropewalk
        share/zsh/site-functions/_ropewalk share/fish/vendor_completions.d/ropewalk.fish)
  if(NOT EXISTS ${WORK}/prefix/${file})
    message(FATAL_ERROR "no ${file} in what is installed")
  endif()
endforeach()
# A copy, so that nothing of the source tree is near.
file(COPY ${CMAKE_CURRENT_LIST_DIR}/../../examples/cmake DESTINATION ${WORK})
run(${CMAKE_COMMAND} -S ${WORK}/cmake -B ${WORK}/build -G Ninja -DCMAKE_PREFIX_PATH=${WORK}/prefix)
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${CMAKE_COMMAND} -E chdir ${WORK} ${WORK}/build/example)
foreach(line IN ITEMS "write" "y = " "map-dec from random weights")
  if(NOT output MATCHES "${line}")
    message(FATAL_ERROR "the example does not print '${line}'")
  endif()
endforeach()

# The same by pkg-config, whose list of libraries is in the order of what they use.
find_program(PKG_CONFIG pkg-config)
if(PKG_CONFIG)
  set(ENV{PKG_CONFIG_PATH} ${WORK}/prefix/lib/pkgconfig)
  run(${PKG_CONFIG} --define-variable=prefix=${WORK}/prefix --cflags --libs ropewalk)
  separate_arguments(flags UNIX_COMMAND "${output}")
  file(WRITE ${WORK}/small.cpp "#include <ropewalk/programs/machine/machine.hpp>
#include <ropewalk/version.hpp>
int main() {
    const auto program = ropewalk::assembly::parse(\"inc r1 r1\\nhalt\\n\", \"text\");
    return program && ropewalk::machine::run_exact(*program, {}, {}, 2).registers[0] == 1 && ropewalk::version[0] == '0' ? 0 : 1;
}
")
  run(c++ ${WORK}/small.cpp ${flags} -o ${WORK}/small)
  run(${WORK}/small)
endif()

file(GLOB_RECURSE headers RELATIVE ${WORK}/prefix/include ${WORK}/prefix/include/*)
list(FILTER headers EXCLUDE REGEX "^ropewalk/")
if(headers)
  message(FATAL_ERROR "headers outside of ropewalk/: ${headers}")
endif()
file(REMOVE_RECURSE ${WORK})
