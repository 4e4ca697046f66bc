#define ROPEWALK_KNOWN KnownSizes<4>
#include "ropewalk/programs/machine/kernels/lanes_specialised-inl.hpp"
