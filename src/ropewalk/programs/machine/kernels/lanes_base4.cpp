#define ROPEWALK_KNOWN KnownBase<4>
#include "ropewalk/programs/machine/kernels/lanes_specialised-inl.hpp"
