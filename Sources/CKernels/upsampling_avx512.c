#if defined(__x86_64__)

#include "upsampling_internal.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), \
                             apply_to = function)

#define CK_WIDTH 16
#define CK_ROWS 14
#define CK_TABLE ck_upsampling_avx512
#include "upsampling.inc"

#pragma clang attribute pop

#endif
