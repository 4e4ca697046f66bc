#define ROPEWALK_KNOWN KnownBase<16>
#include "ropewalk/machine/kernels/lanes_specialised-inl.hpp"
