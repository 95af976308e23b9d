#ifndef CK_INSTRUCTIONS_H
#define CK_INSTRUCTIONS_H

// The instruction set that a file's kernels are compiled for. The file defines CK_AVX512 or CK_AVX2 or none of them
// before it includes anything, and has its kernels between CK_BEGIN_KERNELS and CK_END_KERNELS. Everything in between
// is static but one table of kernels, whose name is made by CK_NAMED; support/dispatch.c chooses among the tables.
//
// CK_WIDTH: floats in a vector, and channels in a block of the activations.
// CK_ROWS: rows of a register-blocked multiplication; their sums, two vectors each, fill the registers.
// CK_GRADIENT_ROWS: the same for gradients of weights, whose rows are channels: a divisor of CK_WIDTH.

#define CK_PRAGMA(text) _Pragma(#text)

#if defined(CK_AVX512)
#define CK_WIDTH 16
#define CK_ROWS 14
#define CK_GRADIENT_ROWS 8
#define CK_NAMED(name) name##_avx512
#define CK_ISA_NAME "avx512"
#define CK_BEGIN_KERNELS                                                                                   \
    CK_PRAGMA(clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), \
                                   apply_to = function))
#define CK_END_KERNELS CK_PRAGMA(clang attribute pop)
#elif defined(CK_AVX2)
#define CK_WIDTH 8
#define CK_ROWS 6
#define CK_GRADIENT_ROWS 4
#define CK_NAMED(name) name##_avx2
#define CK_ISA_NAME "avx2"
#define CK_BEGIN_KERNELS CK_PRAGMA(clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function))
#define CK_END_KERNELS CK_PRAGMA(clang attribute pop)
#else
#define CK_WIDTH 8
#define CK_ROWS 2
#define CK_GRADIENT_ROWS 2
#define CK_NAMED(name) name##_portable
#define CK_ISA_NAME "portable"
#define CK_BEGIN_KERNELS
#define CK_END_KERNELS
#endif

#endif
