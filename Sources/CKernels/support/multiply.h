#ifndef CK_MULTIPLY_H
#define CK_MULTIPLY_H

#include <stddef.h>

#include "vector.h"

// The register-blocked multiplication: sums of rows × vectors vectors stay in registers while products are added to
// them. Rows are tiles, voxels or channels, whose values are broadcast; the vectors are one or two blocks of channels.
// `rows` and `vectors` are constants at every call, so that all loops over them are unrolled.

CK_INLINE void sums_zero(const int rows, const int vectors, vec *sum) {
    CK_UNROLL
    for (int i = 0; i < rows * vectors; i++) sum[i] = (vec){};
}

// sum[row][n] += x[row·stride] · y[n].
CK_INLINE void sums_multiply(const int rows, const int vectors, const float *x, ptrdiff_t stride, const vec *y,
                             vec *sum) {
    CK_UNROLL
    for (int r = 0; r < rows; r++) {
        vec s = broadcast(x[r * stride]);
        CK_UNROLL
        for (int n = 0; n < vectors; n++) sum[r * vectors + n] += s * y[n];
    }
}

// sum[row][n] += m[row·row_stride + n·vector_stride].
CK_INLINE void sums_add(const int rows, const int vectors, const float *m, ptrdiff_t row_stride,
                        ptrdiff_t vector_stride, vec *sum) {
    CK_UNROLL
    for (int r = 0; r < rows; r++) {
        CK_UNROLL
        for (int n = 0; n < vectors; n++) sum[r * vectors + n] += load(m + n * vector_stride + r * row_stride);
    }
}

// m[row·row_stride + n·vector_stride] = sum[row][n].
CK_INLINE void sums_store(const int rows, const int vectors, const vec *sum, float *m, ptrdiff_t row_stride,
                          ptrdiff_t vector_stride) {
    CK_UNROLL
    for (int r = 0; r < rows; r++) {
        CK_UNROLL
        for (int n = 0; n < vectors; n++) store(m + n * vector_stride + r * row_stride, sum[r * vectors + n]);
    }
}

// Caches that lines of the next block are fetched to: all, or all but the first, where they are needed later.
enum { near, far };

// One block of input channels: sum[row][n] += Σ over its B channels of x[row·stride][channel] · u[channel][n][B].
// Meanwhile the lines `ahead` of x are fetched, and what comes next of u.
CK_INLINE void sums_accumulate(const int rows, const int vectors, const float *x, const int stride, const float *u,
                               vec *sum, ptrdiff_t ahead, const int distance) {
    const float *next = x + ahead;
    for (int channel = 0; channel < CK_WIDTH; channel++, x++, u += vectors * CK_WIDTH, next += stride) {
        vec y[2];
        if (distance == near) __builtin_prefetch(next);
        if (distance == far) __builtin_prefetch(next, 0, 2);
        CK_UNROLL
        for (int n = 0; n < vectors; n++) {
            __builtin_prefetch(u + (24 * vectors + n) * CK_WIDTH);
            y[n] = load(u + n * CK_WIDTH);
        }
        sums_multiply(rows, vectors, x, stride, y, sum);
    }
}

// Expands `each` for every count of rows that a multiplication may have.
#define CK_EACH_TO_2(each) each(1) each(2)
#define CK_EACH_TO_6(each) CK_EACH_TO_2(each) each(3) each(4) each(5) each(6)
#define CK_EACH_TO_14(each) CK_EACH_TO_6(each) each(7) each(8) each(9) each(10) each(11) each(12) each(13) each(14)
#if CK_ROWS == 14
#define CK_EACH_ROW_COUNT CK_EACH_TO_14
#elif CK_ROWS == 6
#define CK_EACH_ROW_COUNT CK_EACH_TO_6
#elif CK_ROWS == 2
#define CK_EACH_ROW_COUNT CK_EACH_TO_2
#endif

#endif
