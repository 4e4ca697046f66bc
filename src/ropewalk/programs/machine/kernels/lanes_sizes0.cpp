#define ROPEWALK_KNOWN KnownSizes<0>
#include "ropewalk/programs/machine/kernels/lanes_specialised-inl.hpp"
