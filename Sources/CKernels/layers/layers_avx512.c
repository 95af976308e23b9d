#if defined(__x86_64__)

#define CK_AVX512
#include "../support/instructions.h"

CK_BEGIN_KERNELS
#include "layers_kernels.h"
CK_END_KERNELS

#endif
