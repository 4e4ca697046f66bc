#define ROPEWALK_KNOWN KnownSizes<2>
#include "ropewalk/programs/machine/kernels/lanes_specialised-inl.hpp"
