# Kernels are compiled for every vector instruction set and choose at run time; `native` leaves out all but the best of
# this machine and the baseline, which any machine can run: half of the time for a program that stays here.
set(ROPEWALK_VECTOR_TARGETS all CACHE STRING "Instruction sets that kernels are compiled for: all, or native")
set_property(CACHE ROPEWALK_VECTOR_TARGETS PROPERTY STRINGS all native)

set(ROPEWALK_TARGETS_LEFT_OUT 0)
if(ROPEWALK_VECTOR_TARGETS STREQUAL native)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -march=native -dM -E -x c++ /dev/null OUTPUT_VARIABLE macros ERROR_QUIET)
  if(macros MATCHES "__AVX512BW__")
    set(ROPEWALK_TARGETS_LEFT_OUT "HWY_AVX2 | HWY_SSE4")
  elseif(macros MATCHES "__AVX2__")
    set(ROPEWALK_TARGETS_LEFT_OUT "HWY_AVX3 | HWY_SSE4")
  elseif(macros MATCHES "__SSE4_2__")
    set(ROPEWALK_TARGETS_LEFT_OUT "HWY_AVX3 | HWY_AVX2")
  endif()
elseif(NOT ROPEWALK_VECTOR_TARGETS STREQUAL all)
  message(FATAL_ERROR "ROPEWALK_VECTOR_TARGETS is ${ROPEWALK_VECTOR_TARGETS}; expected all or native")
endif()
configure_file(src/ropewalk/base/vector_targets_left_out.hpp.in include/ropewalk/base/vector_targets_left_out.hpp @ONLY)
