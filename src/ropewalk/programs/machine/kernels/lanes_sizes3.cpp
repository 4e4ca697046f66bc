#define ROPEWALK_KNOWN KnownSizes<3>
#include "ropewalk/programs/machine/kernels/lanes_specialised-inl.hpp"
