# The target `libtorch`, where there is a libtorch: the one in the folder ROPEWALK_TORCH, else the system's.
set(ROPEWALK_TORCH "" CACHE PATH "Folder of a libtorch, such as pip's site-packages/torch; empty: the system's")

if(ROPEWALK_TORCH)
  # Taken as it is: the configuration that pip installs asks for nvcc where libtorch has CUDA, and nothing here is
  # compiled by nvcc.
  find_path(ROPEWALK_TORCH_INCLUDE torch/csrc/api/include/torch/torch.h PATHS ${ROPEWALK_TORCH}/include NO_CACHE NO_DEFAULT_PATH)
  if(NOT ROPEWALK_TORCH_INCLUDE)
    message(FATAL_ERROR "ROPEWALK_TORCH: no libtorch in '${ROPEWALK_TORCH}'; expected a folder with include/ and lib/, for pip's what "
      "python3 -c 'import os, torch; print(os.path.dirname(torch.__file__))' prints")
  endif()
  foreach(name torch torch_cpu c10)
    find_library(ROPEWALK_TORCH_${name} ${name} PATHS ${ROPEWALK_TORCH}/lib NO_CACHE NO_DEFAULT_PATH REQUIRED)
    list(APPEND libtorch_libraries ${ROPEWALK_TORCH_${name}})
  endforeach()
  foreach(name torch_cuda c10_cuda)
    find_library(ROPEWALK_TORCH_${name} ${name} PATHS ${ROPEWALK_TORCH}/lib NO_CACHE NO_DEFAULT_PATH)
    if(ROPEWALK_TORCH_${name})
      list(APPEND libtorch_libraries ${ROPEWALK_TORCH_${name}})
    endif()
  endforeach()
  add_library(libtorch INTERFACE)
  target_include_directories(libtorch SYSTEM INTERFACE ${ROPEWALK_TORCH_INCLUDE} ${ROPEWALK_TORCH_INCLUDE}/torch/csrc/api/include)
  # Kernels register themselves when their library is loaded, which is to happen also where nothing calls them by name.
  # What these libraries need in turn, they find themselves when they are loaded.
  target_link_libraries(libtorch INTERFACE -Wl,--push-state,--no-as-needed ${libtorch_libraries} -Wl,--pop-state -Wl,--unresolved-symbols=ignore-in-shared-libs)
  # Wheels before PyTorch 2.6 have the strings of an older C++ library.
  include(CheckCXXSourceCompiles)
  set(CMAKE_REQUIRED_INCLUDES ${ROPEWALK_TORCH_INCLUDE})
  set(CMAKE_REQUIRED_LIBRARIES ${ROPEWALK_TORCH_c10})
  unset(ROPEWALK_TORCH_FITS CACHE)
  check_cxx_source_compiles("#include <c10/core/Device.h>
    int main() { return c10::Device(std::string(\"cpu\")).is_cpu() ? 0 : 1; }" ROPEWALK_TORCH_FITS)
  if(NOT ROPEWALK_TORCH_FITS)
    message(FATAL_ERROR "The libtorch in ${ROPEWALK_TORCH} cannot be linked by this compiler; PyTorch 2.6 or newer can.")
  endif()
else()
  find_package(Torch QUIET)
  if(Torch_FOUND)
    add_library(libtorch INTERFACE)
    target_include_directories(libtorch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
    target_link_libraries(libtorch INTERFACE ${TORCH_LIBRARIES})
  endif()
endif()
