#include "ck_layers.h"

extern const ck_layers layers_portable;
#if defined(__x86_64__)
extern const ck_layers layers_avx2, layers_avx512;
#endif

ck_isa ck_best_isa(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl"))
        return CK_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return CK_AVX2;
#endif
    return CK_PORTABLE;
}

const ck_layers *ck_layers_for(ck_isa isa)
{
#if defined(__x86_64__)
    if (isa == CK_AVX512) return &layers_avx512;
    if (isa == CK_AVX2) return &layers_avx2;
#endif
    return &layers_portable;
}
