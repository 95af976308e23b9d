#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)
#define LANES 8
#define NAMED(name) name##_avx2
#define ISA_NAME "avx2"
#include "layers.inc"
#pragma clang attribute pop
#endif
