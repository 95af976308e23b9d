#ifndef CK_LAYER_JOB_H
#define CK_LAYER_JOB_H

#include <math.h>
#include <string.h>

#include "../support/arithmetic.h"
#include "../support/vector.h"
#include "ck_layers.h"
#include "ck_parallel.h"

// What the kernels of layers share: how work falls to threads, and how their partial sums are added up.

typedef struct {
    ck_kept kept;
    const float *z, *dy, *scale, *shift, *mean, *inverse, *mean_g, *mean_gx, *dpooled;
    float *y, *pooled;
    double *partial;
    size_t voxels;
    int blocks, pooled_half;
    ck_extent extent, window, offset;
} job;

// The label of voxels without one.
enum { ck_unlabeled = 255 };

// Voxels whose sums are kept in float before they are added in double.
enum { chunk = 128 };

// The vector at an index of what is kept.
CK_INLINE vec kept_at(ck_kept z, size_t index) { return load_kept(z.half, z.data, (ptrdiff_t)index); }

// What is kept from an index on.
CK_INLINE ck_kept kept_from(ck_kept z, size_t index) {
    return (ck_kept){ck_element(z.data, z.half, (ptrdiff_t)index), z.half};
}

// The part of `count` that belongs to one thread.
CK_INLINE void share(size_t count, int thread, int threads, size_t *begin, size_t *end) {
    *begin = ck_share_of_many(count, thread, threads);
    *end = ck_share_of_many(count, thread + 1, threads);
}

// Parts of work on so many values whose results don't depend on how it is divided: several for each thread, so that a
// thread without a core leaves its share to the others.
static int pieces(int threads, size_t values) {
    size_t most = values >> 14, some = 8 * (size_t)threads;
    return threads <= 1 ? 1 : most < (size_t)threads ? threads : (int)(most < some ? most : some);
}

// sums += the threads' partial sums, in their order.
static void reduce(double *sums, const double *partial, size_t count, int threads) {
    for (int t = 0; t < threads; t++)
        for (size_t i = 0; i < count; i++) sums[i] += partial[(size_t)t * count + i];
}

// Partial sums lie [thread][block][2][lane]; results lie [2][block][lane].
static void reduce_pairs(double *sums, const double *partial, int blocks, int threads) {
    for (int t = 0; t < threads; t++)
        for (int b = 0; b < blocks; b++)
            for (int k = 0; k < 2; k++)
                for (int l = 0; l < CK_WIDTH; l++)
                    sums[(k * blocks + b) * CK_WIDTH + l] += partial[(((size_t)t * blocks + b) * 2 + k) * CK_WIDTH + l];
}

#endif
