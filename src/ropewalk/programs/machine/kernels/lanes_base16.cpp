#define ROPEWALK_KNOWN KnownBase<16>
#include "ropewalk/programs/machine/kernels/lanes_specialised-inl.hpp"
