#if defined(__x86_64__)

#include "convolution_internal.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), \
                             apply_to = function)

#define CK_WIDTH 16
#define CK_ROWS 14
#define CK_TABLE ck_kernels_avx512
#include "winograd_vector.h"
#include "winograd_axis.h"
#include "winograd_tiles.h"
#include "winograd_multiply.h"
#include "winograd_weights.h"
#include "winograd_passes.h"
#include "winograd_fused.h"
#include "direct_passes.h"
#include "winograd_table.h"

#pragma clang attribute pop

#endif
