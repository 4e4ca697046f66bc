#define ROPEWALK_KNOWN KnownSizes<3>
#include "ropewalk/machine/kernels/lanes_specialised-inl.hpp"
