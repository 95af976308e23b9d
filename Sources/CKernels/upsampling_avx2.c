#if defined(__x86_64__)

#include "upsampling_internal.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define CK_WIDTH 8
#define CK_ROWS 6
#define CK_TABLE ck_upsampling_avx2
#include "upsampling.inc"

#pragma clang attribute pop

#endif
