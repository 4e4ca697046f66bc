#define ROPEWALK_KNOWN KnownBase<8>
#include "ropewalk/machine/kernels/lanes_specialised-inl.hpp"
