#define ROPEWALK_KNOWN KnownSizes<1>
#include "ropewalk/machine/kernels/lanes_specialised-inl.hpp"
