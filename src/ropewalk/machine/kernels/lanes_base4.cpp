#define ROPEWALK_KNOWN KnownBase<4>
#include "ropewalk/machine/kernels/lanes_specialised-inl.hpp"
