#define ROPEWALK_KNOWN KnownBase<10>
#include "ropewalk/programs/machine/kernels/lanes_specialised-inl.hpp"
