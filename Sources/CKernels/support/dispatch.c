#include "dispatch.h"

#include "ck_isa.h"
#include "ck_layers.h"

// Every table of kernels exists once for each instruction set, and is chosen here and nowhere else.

extern const ck_conv_kernels ck_conv_kernels_portable;
extern const ck_upsampling_kernels ck_upsampling_kernels_portable;
extern const ck_layers ck_layers_portable;
#if defined(__x86_64__)
extern const ck_conv_kernels ck_conv_kernels_avx2, ck_conv_kernels_avx512;
extern const ck_upsampling_kernels ck_upsampling_kernels_avx2, ck_upsampling_kernels_avx512;
extern const ck_layers ck_layers_avx2, ck_layers_avx512;
#endif

ck_isa ck_isa_resolve(ck_isa isa) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                 __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
    int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if ((isa == ck_isa_automatic || isa == ck_isa_avx512) && avx512) return ck_isa_avx512;
    if (isa != ck_isa_portable && avx2) return ck_isa_avx2;
#endif
    (void)isa;
    return ck_isa_portable;
}

#if defined(__x86_64__)
#define CK_CHOOSE(isa, table)         \
    switch (ck_isa_resolve(isa)) {    \
        case ck_isa_avx512:           \
            return &table##_avx512;   \
        case ck_isa_avx2:             \
            return &table##_avx2;     \
        default:                      \
            return &table##_portable; \
    }
#else
#define CK_CHOOSE(isa, table) return (void)isa, &table##_portable;
#endif

const ck_conv_kernels *ck_conv_kernels_for(ck_isa isa) { CK_CHOOSE(isa, ck_conv_kernels) }
const ck_upsampling_kernels *ck_upsampling_kernels_for(ck_isa isa) { CK_CHOOSE(isa, ck_upsampling_kernels) }
const ck_layers *ck_layers_for(ck_isa isa) { CK_CHOOSE(isa, ck_layers) }

int ck_isa_block(ck_isa isa) { return ck_conv_kernels_for(isa)->width; }
