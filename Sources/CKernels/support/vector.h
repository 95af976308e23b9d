#ifndef CK_VECTOR_H
#define CK_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#include "arithmetic.h"
#include "instructions.h"

// Vectors of B floats, one channel each, for the instruction set that support/instructions.h describes.

// Vectors never leave a file: functions that take or return them are inlined or static.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float vec __attribute__((vector_size(CK_WIDTH * 4)));
typedef float vec_loose __attribute__((vector_size(CK_WIDTH * 4), aligned(4)));
typedef double vec_double __attribute__((vector_size(CK_WIDTH * 8)));
typedef double vec_double_loose __attribute__((vector_size(CK_WIDTH * 8), aligned(8)));
typedef uint32_t vec_bits __attribute__((vector_size(CK_WIDTH * 4)));
typedef uint16_t vec_half __attribute__((vector_size(CK_WIDTH * 2)));
typedef uint16_t vec_half_loose __attribute__((vector_size(CK_WIDTH * 2), aligned(2)));
typedef int vec_mask __attribute__((vector_size(CK_WIDTH * 4)));

#define CK_INLINE static inline __attribute__((always_inline))
#define CK_UNROLL _Pragma("clang loop unroll(full)")
#define CK_ROLLED _Pragma("clang loop unroll(disable)")

CK_INLINE vec load(const float *p) { return *(const vec_loose *)p; }
CK_INLINE void store(float *p, vec v) { *(vec_loose *)p = v; }
// Past the caches; `p` is aligned to a vector.
CK_INLINE void store_through(float *p, vec v) { __builtin_nontemporal_store(v, (vec *)p); }
#if CK_WIDTH == 16
CK_INLINE vec broadcast(float x) { return (vec){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
#else
CK_INLINE vec broadcast(float x) { return (vec){x, x, x, x, x, x, x, x}; }
#endif

// a where the mask is set, b elsewhere.
CK_INLINE vec select(vec_mask mask, vec a, vec b) { return (vec)((mask & (vec_mask)a) | (~mask & (vec_mask)b)); }
// The second where one of both is a NaN.
CK_INLINE vec maximum(vec a, vec b) { return select(a > b, a, b); }
// max(v, 0); a NaN stays a NaN.
CK_INLINE vec positive(vec v) { return (vec)((vec_mask)v & ~(v <= 0)); }

// Floats of bfloat16.
CK_INLINE vec widen(const uint16_t *p) {
    return (vec)(__builtin_convertvector(*(const vec_half_loose *)p, vec_bits) << 16);
}

// As bfloat16: rounded to the nearest, of two equally near ones to the even one; a NaN stays a NaN.
CK_INLINE void store_half(uint16_t *p, vec v) {
    const vec_bits bits = (vec_bits)v, rounded = bits + (0x7fff + (bits >> 16 & 1));
    const vec_bits kept = (vec_bits)select(v == v, (vec)rounded, (vec)(bits | 0x400000));
    *(vec_half_loose *)p = __builtin_convertvector(kept >> 16, vec_half);
}

// The vector at an index of floats or, with `half`, bfloat16.
CK_INLINE vec load_kept(const int half, const void *p, ptrdiff_t index) {
    return half ? widen((const uint16_t *)p + index) : load((const float *)p + index);
}

CK_INLINE void store_kept(const int half, void *p, ptrdiff_t index, vec v) {
    if (half) {
        store_half((uint16_t *)p + index, v);
    } else {
        store((float *)p + index, v);
    }
}

CK_INLINE void add_to(double *p, vec v) {
    *(vec_double_loose *)p = *(vec_double_loose *)p + __builtin_convertvector(v, vec_double);
}

// Transposes a B×B matrix held in B vectors, by log2(B) rounds of interleaving halves.
CK_INLINE void transpose(vec *x) {
    vec y[CK_WIDTH];
#if CK_WIDTH == 16
#define CK_LOW(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define CK_HIGH(a, b) __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define CK_ROUNDS 4
#else
#define CK_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define CK_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define CK_ROUNDS 3
#endif
    CK_UNROLL
    for (int round = 0; round < CK_ROUNDS; round++) {
        CK_UNROLL
        for (int i = 0; i < CK_WIDTH / 2; i++) {
            y[2 * i] = CK_LOW(x[i], x[i + CK_WIDTH / 2]);
            y[2 * i + 1] = CK_HIGH(x[i], x[i + CK_WIDTH / 2]);
        }
        CK_UNROLL
        for (int i = 0; i < CK_WIDTH; i++) x[i] = y[i];
    }
#undef CK_LOW
#undef CK_HIGH
#undef CK_ROUNDS
}

#endif
