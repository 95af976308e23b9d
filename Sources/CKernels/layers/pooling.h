#ifndef CK_POOLING_H
#define CK_POOLING_H

#include "layer_job.h"

// Maximum pooling of normalised and rectified features.

static void scale_relu_pool_body(void *context, int thread, int threads) {
    const job *j = context;
    const ck_extent e = j->extent, w = j->window;
    const int od = e.depth / w.depth, oh = e.height / w.height, ow = e.width / w.width;
    size_t begin, end;
    share((size_t)j->blocks * od * oh, thread, threads, &begin, &end);
    for (size_t row = begin; row < end; row++) {
        const int b = (int)(row / ((size_t)od * oh)), oz = (int)(row / oh % od), oy = (int)(row % oh);
        const vec a = load(j->scale + b * CK_WIDTH), c = load(j->shift + b * CK_WIDTH);
        const int half = j->pooled_half;
        void *pooled = ck_element(j->pooled, half, (ptrdiff_t)(row * ow * CK_WIDTH));
        for (int dz = 0; dz < w.depth; dz++)
            for (int dy = 0; dy < w.height; dy++) {
                const size_t line = ((size_t)b * e.depth + oz * w.depth + dz) * e.height + oy * w.height + dy;
                const ck_kept z = kept_from(j->kept, line * e.width * CK_WIDTH);
                float *y = j->y ? j->y + line * e.width * CK_WIDTH : NULL;
                for (int ox = 0; ox < ow; ox++) {
                    vec best = (dz | dy) ? load_kept(half, pooled, (ptrdiff_t)ox * CK_WIDTH) : (vec){};
                    for (int dx = 0; dx < w.width; dx++) {
                        const size_t i = (size_t)(ox * w.width + dx) * CK_WIDTH;
                        vec v = positive(kept_at(z, i) * a + c);
                        if (y) store(y + i, v);
                        best = maximum(v, best);
                    }
                    store_kept(half, pooled, (ptrdiff_t)ox * CK_WIDTH, best);
                }
            }
    }
}

static void scale_relu_pool(ck_kept z, const float *scale, const float *shift, float *y, float *pooled,
                            int pooled_half, int blocks, ck_extent extent, ck_extent window, int threads) {
    job j = {.kept = z,
             .scale = scale,
             .shift = shift,
             .y = y,
             .pooled = pooled,
             .pooled_half = pooled_half,
             .blocks = blocks,
             .extent = extent,
             .window = window};
    ck_parallel(threads, pieces(threads, (size_t)blocks * extent.depth * extent.height * extent.width * CK_WIDTH), scale_relu_pool_body, &j);
}

static void pool_backward_body(void *context, int thread, int threads) {
    const job *j = context;
    const ck_kept z = j->kept;
    const ck_extent e = j->extent, w = j->window;
    const int od = e.depth / w.depth, oh = e.height / w.height, ow = e.width / w.width;
    size_t begin, end;
    share((size_t)j->blocks * od * oh, thread, threads, &begin, &end);
    for (size_t row = begin; row < end; row++) {
        const int b = (int)(row / ((size_t)od * oh)), oz = (int)(row / oh % od), oy = (int)(row % oh);
        const vec a = load(j->scale + b * CK_WIDTH), c = load(j->shift + b * CK_WIDTH);
        const size_t first = (((size_t)b * e.depth + oz * w.depth) * e.height + oy * w.height) * e.width;
        for (int ox = 0; ox < ow; ox++) {
            const vec g = load(j->dpooled + (row * ow + ox) * CK_WIDTH);
            vec best = {};
            for (int pass = 0; pass < 2; pass++) {
                vec_mask open = ~(vec_mask){0};
                for (int dz = 0; dz < w.depth; dz++)
                    for (int dy = 0; dy < w.height; dy++)
                        for (int dx = 0; dx < w.width; dx++) {
                            const size_t i = (first + ((size_t)dz * e.height + dy) * e.width + ox * w.width + dx) *
                                             CK_WIDTH;
                            const vec v = positive(kept_at(z, i) * a + c);
                            if (pass == 0) {
                                best = maximum(v, best);
                                continue;
                            }
                            const vec_mask here = open & (v == best);
                            store(j->y + i, load(j->y + i) + select(here, g, (vec){}));
                            open &= ~here;
                        }
            }
        }
    }
}

static void pool_backward(ck_kept z, const float *scale, const float *shift, const float *dpooled, float *dy,
                          int blocks, ck_extent extent, ck_extent window, int threads) {
    job j = {.kept = z,
             .scale = scale,
             .shift = shift,
             .dpooled = dpooled,
             .y = dy,
             .blocks = blocks,
             .extent = extent,
             .window = window};
    ck_parallel(threads, pieces(threads, (size_t)blocks * extent.depth * extent.height * extent.width * CK_WIDTH), pool_backward_body, &j);
}

#endif
