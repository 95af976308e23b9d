#ifndef CK_WINOGRAD_MULTIPLY_H
#define CK_WINOGRAD_MULTIPLY_H

#include "../support/multiply.h"
#include "convolution_table.h"

// The products of one point: multiplications of blocked panels.

// rows × (vectors·B) outputs: m[n][row][B] (+)= Σ over channels of v[block][row][channel] · u[channel][n·B].
CK_INLINE void multiply(const int rows, const int vectors, const float *v, ptrdiff_t block_stride, int blocks,
                        const float *u, float *m, ptrdiff_t vector_stride, int add) {
    vec sum[CK_ROWS * 2];
    sums_zero(rows, vectors, sum);
    for (int block = 0; block < blocks; block++, u += vectors * CK_WIDTH * CK_WIDTH) {
        sums_accumulate(rows, vectors, v + block * block_stride, CK_WIDTH, u, sum, block_stride, near);
    }
    if (add) sums_add(rows, vectors, m, CK_WIDTH, vector_stride, sum);
    sums_store(rows, vectors, sum, m, CK_WIDTH, vector_stride);
}

typedef void multiply_function(const float *, ptrdiff_t, int, const float *, float *, ptrdiff_t, int);

#define CK_MULTIPLY(rows, vectors)                                                                             \
    static void multiply_##rows##_##vectors(const float *v, ptrdiff_t s, int blocks, const float *u, float *m, \
                                            ptrdiff_t t, int add) {                                            \
        multiply(rows, vectors, v, s, blocks, u, m, t, add);                                                   \
    }
#define CK_MULTIPLY_BOTH(rows) CK_MULTIPLY(rows, 1) CK_MULTIPLY(rows, 2)
CK_EACH_ROW_COUNT(CK_MULTIPLY_BOTH)

#define CK_MULTIPLY_ENTRY(rows) {multiply_##rows##_1, multiply_##rows##_2},
static multiply_function *const multiply_functions[CK_ROWS][2] = {CK_EACH_ROW_COUNT(CK_MULTIPLY_ENTRY)};

// All rows of one point.
CK_INLINE void multiply_tiles(int count, int vectors, const float *v, ptrdiff_t block_stride, int blocks,
                              const float *u, float *m, ptrdiff_t vector_stride, int add) {
    int groups = (count + CK_ROWS - 1) / CK_ROWS;
    for (int group = 0; group < groups; group++) {
        int from = ck_share(count, group, groups), rows = ck_share(count, group + 1, groups) - from;
        multiply_functions[rows - 1][vectors - 1](v + from * CK_WIDTH, block_stride, blocks, u, m + from * CK_WIDTH,
                                                  vector_stride, add);
    }
}

// All rows of one point from the input blocks that have anything there, `first` being the first of all `blocks`.
CK_INLINE void multiply_used(const ck_winograd *w, int point, int count, int vectors, const float *v,
                             ptrdiff_t block_stride, int first, int blocks, const float *u, float *m,
                             ptrdiff_t vector_stride, int add) {
    for (int from = 0, end; from < blocks; from = end) {
        int used = ck_block_used(w, first + from, point);
        for (end = from + 1; end < blocks && ck_block_used(w, first + end, point) == used; end++) {}
        if (!used) continue;
        multiply_tiles(count, vectors, v + from * block_stride, block_stride, end - from,
                       u + (ptrdiff_t)from * CK_WIDTH * vectors * CK_WIDTH, m, vector_stride, add);
        add = 1;
    }
    if (add) return;
    for (int n = 0; n < vectors; n++) {
        for (int tile = 0; tile < count; tile++) store(m + n * vector_stride + tile * CK_WIDTH, (vec){});
    }
}

// g[channel][n·B] (+)= Σ over tiles of v[tile][channel] · d[n][tile][B], for `rows` channels. Meanwhile `count` lines
// are fetched from `ahead`.
CK_INLINE void correlate(const int rows, const int vectors, const float *v, const float *d, ptrdiff_t vector_stride,
                         int count, float *g, int add, const float *ahead) {
    vec sum[CK_GRADIENT_ROWS * 2];
    sums_zero(rows, vectors, sum);
    for (int tile = 0; tile < count; tile++, v += CK_WIDTH, d += CK_WIDTH, ahead += CK_WIDTH) {
        vec y[2];
        __builtin_prefetch(ahead);
        CK_UNROLL
        for (int n = 0; n < vectors; n++) y[n] = load(d + n * vector_stride);
        sums_multiply(rows, vectors, v, 1, y, sum);
    }
    if (add) sums_add(rows, vectors, g, vectors * CK_WIDTH, CK_WIDTH, sum);
    sums_store(rows, vectors, sum, g, vectors * CK_WIDTH, CK_WIDTH);
}

// A block of channels. `v_ahead` and `d_ahead` are what the next point will read.
static void correlate_block(int vectors, const float *v, const float *d, ptrdiff_t vector_stride, int count, float *g,
                            int add, const float *v_ahead, const float *d_ahead) {
    const int rows = CK_GRADIENT_ROWS;
    for (int row = 0; row < CK_WIDTH; row += rows) {
        const float *ahead = row ? d_ahead : v_ahead;
        if (vectors == 2) {
            correlate(rows, 2, v + row, d, vector_stride, count, g + row * 2 * CK_WIDTH, add, ahead);
        } else {
            correlate(rows, 1, v + row, d, vector_stride, count, g + row * CK_WIDTH, add, ahead);
        }
    }
}

#endif
