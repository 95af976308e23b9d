#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi2"))), apply_to = function)
#define LANES 16
#define NAMED(name) name##_avx512
#define ISA_NAME "avx512"
#include "layers.inc"
#pragma clang attribute pop
#endif
