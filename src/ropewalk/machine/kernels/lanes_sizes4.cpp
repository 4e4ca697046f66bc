#define ROPEWALK_KNOWN KnownSizes<4>
#include "ropewalk/machine/kernels/lanes_specialised-inl.hpp"
