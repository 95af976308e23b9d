#ifndef CK_UPSAMPLING_MULTIPLY_H
#define CK_UPSAMPLING_MULTIPLY_H

#include "../support/multiply.h"

// Register-blocked multiplications of the up-convolution.

// Paints by a pair of taps: y[2·row + kx][B] = Σ over channels of x[block][row][channel] · u[channel][kx][B].
CK_INLINE void paint(const int rows, const float *x, ptrdiff_t block_stride, int blocks, const float *u, float *y,
                     int half, int stream) {
    vec sum[CK_ROWS * 2];
    sums_zero(rows, 2, sum);
    for (int block = 0; block < blocks; block++, u += 2 * CK_WIDTH * CK_WIDTH) {
        sums_accumulate(rows, 2, x + block * block_stride, CK_WIDTH, u, sum, block_stride, far);
    }
    if (half) {
        CK_UNROLL
        for (int i = 0; i < 2 * rows; i++) store_half((uint16_t *)y + i * CK_WIDTH, sum[i]);
    } else if (stream) {
        CK_UNROLL
        for (int i = 0; i < 2 * rows; i++) store_through(y + i * CK_WIDTH, sum[i]);
    } else {
        sums_store(rows, 2, sum, y, 2 * CK_WIDTH, CK_WIDTH);
    }
}

// Gathers what was painted, one block of it: dx[n][row][B] (+)= Σ over pairs, kx and channels of
// dy[pair][2·row + kx][channel] · u[pair][kx][channel][n][B].
CK_INLINE void gather(const int rows, const int vectors, const float *const *dy, ptrdiff_t offset, int pairs,
                      const float *u, float *dx, ptrdiff_t vector_stride, int add, ptrdiff_t ahead) {
    vec sum[CK_ROWS * 2];
    sums_zero(rows, vectors, sum);
    for (int pair = 0; pair < pairs; pair++) {
        CK_ROLLED
        for (int kx = 0; kx < 2; kx++, u += vectors * CK_WIDTH * CK_WIDTH) {
            sums_accumulate(rows, vectors, dy[pair] + offset + kx * CK_WIDTH, 2 * CK_WIDTH, u, sum, ahead, far);
        }
    }
    if (add) sums_add(rows, vectors, dx, CK_WIDTH, vector_stride, sum);
    sums_store(rows, vectors, sum, dx, CK_WIDTH, vector_stride);
}

// g[channel][kx][B] (+)= Σ over the lines' voxels of x[voxel][channel] · dy[line][2·voxel + kx][B], for `rows`
// channels. Meanwhile a share of `ahead`, where the next rows lie in relation to these, is fetched: `step` bytes of it
// for each voxel, from `skipped` bytes on.
CK_INLINE void correlate(const int rows, const float *x, const float *const *dy, int lines, int voxels, float *g,
                         int add, const float *const *ahead, ptrdiff_t skipped, ptrdiff_t step) {
    vec sum[CK_GRADIENT_ROWS * 2];
    sums_zero(rows, 2, sum);
    for (int line = 0; line < lines; line++) {
        const float *d = dy[line];
        const char *next = (const char *)ahead[line] + skipped;
        for (int voxel = 0; voxel < voxels; voxel++, x += CK_WIDTH, d += 2 * CK_WIDTH, next += step) {
            __builtin_prefetch(next, 0, 2);
            const vec y[2] = {load(d), load(d + CK_WIDTH)};
            sums_multiply(rows, 2, x, 1, y, sum);
        }
    }
    if (add) sums_add(rows, 2, g, 2 * CK_WIDTH, CK_WIDTH, sum);
    sums_store(rows, 2, sum, g, 2 * CK_WIDTH, CK_WIDTH);
}

typedef void paint_function(const float *, ptrdiff_t, int, const float *, float *, int, int);
typedef void gather_function(const float *const *, ptrdiff_t, int, const float *, float *, ptrdiff_t, int, ptrdiff_t);

#define CK_PAINT(rows)                                                                                      \
    static void paint_##rows(const float *x, ptrdiff_t s, int blocks, const float *u, float *y, int half, \
                             int stream) {                                                                  \
        paint(rows, x, s, blocks, u, y, half, stream);                                                      \
    }
#define CK_GATHER(rows, vectors)                                                                                     \
    static void gather_##rows##_##vectors(const float *const *dy, ptrdiff_t o, int pairs, const float *u, float *dx, \
                                          ptrdiff_t t, int add, ptrdiff_t ahead) {                                   \
        gather(rows, vectors, dy, o, pairs, u, dx, t, add, ahead);                                                   \
    }
#define CK_GATHER_BOTH(rows) CK_GATHER(rows, 1) CK_GATHER(rows, 2)
CK_EACH_ROW_COUNT(CK_PAINT)
CK_EACH_ROW_COUNT(CK_GATHER_BOTH)

#define CK_PAINT_ENTRY(rows) paint_##rows,
#define CK_GATHER_ENTRY(rows) {gather_##rows##_1, gather_##rows##_2},
static paint_function *const paint_functions[CK_ROWS] = {CK_EACH_ROW_COUNT(CK_PAINT_ENTRY)};
static gather_function *const gather_functions[CK_ROWS][2] = {CK_EACH_ROW_COUNT(CK_GATHER_ENTRY)};

#endif
