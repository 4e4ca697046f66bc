#define ROPEWALK_KNOWN KnownBase<8>
#include "ropewalk/programs/machine/kernels/lanes_specialised-inl.hpp"
