#define ROPEWALK_KNOWN KnownBase<10>
#include "ropewalk/machine/kernels/lanes_specialised-inl.hpp"
