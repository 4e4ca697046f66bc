#define ROPEWALK_KNOWN KnownSizes<0>
#include "ropewalk/machine/kernels/lanes_specialised-inl.hpp"
