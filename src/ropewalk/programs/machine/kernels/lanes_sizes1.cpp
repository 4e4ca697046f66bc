#define ROPEWALK_KNOWN KnownSizes<1>
#include "ropewalk/programs/machine/kernels/lanes_specialised-inl.hpp"
