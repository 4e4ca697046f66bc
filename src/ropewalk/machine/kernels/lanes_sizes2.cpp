#define ROPEWALK_KNOWN KnownSizes<2>
#include "ropewalk/machine/kernels/lanes_specialised-inl.hpp"
