# Says once and completely which packages of the system are missing: those who build by pip see nothing of ./run.
set(missing "")
foreach(each IN ITEMS tbb/parallel_for.h=libtbb-dev fmt/format.h=libfmt-dev tl/expected.hpp=libexpected-dev
        Random123/philox.h=librandom123-dev hwy/highway.h=libhwy-dev nettle/sha2.h=nettle-dev nlohmann/json.hpp=nlohmann-json3-dev
        Eigen/Core=libeigen3-dev flint/fmpq_mpoly.h=libflint-dev gmp.h=libgmp-dev csv.h=libcsv-dev)
  string(REPLACE "=" ";" each ${each})
  list(POP_FRONT each header package)
  find_path(folder ${header} PATH_SUFFIXES eigen3 NO_CACHE)
  if(NOT folder)
    list(APPEND missing ${package})
  endif()
  unset(folder)
endforeach()
if(missing)
  list(JOIN missing " " missing)
  message(FATAL_ERROR "The Python package is built with libraries of the system that are missing here. On Debian and Ubuntu:\n"
    "  apt-get install ${missing}\nor ./run python in a checkout, which installs them. Wheels need none of them.")
endif()
