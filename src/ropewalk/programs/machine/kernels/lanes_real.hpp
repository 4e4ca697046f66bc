// The numbers that the kernels of a file compute with: float, or double where the file defines
// ROPEWALK_LANES_IN_DOUBLE before it includes anything. Each kind has a namespace of its own inside that of the
// target.
#pragma once

#ifdef ROPEWALK_LANES_IN_DOUBLE
#define ROPEWALK_LANES_REAL double
#define ROPEWALK_LANES_NUMBERS of_doubles
#else
#define ROPEWALK_LANES_REAL float
#define ROPEWALK_LANES_NUMBERS of_floats
#endif
