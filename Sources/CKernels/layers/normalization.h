#ifndef CK_NORMALIZATION_H
#define CK_NORMALIZATION_H

#include "layer_job.h"

// Statistics of channels, and normalisation with ReLU forwards and backwards.

static void sums_body(void *context, int thread, int threads) {
    const job *j = context;
    size_t begin, end;
    share(j->voxels, thread, threads, &begin, &end);
    for (int b = 0; b < j->blocks; b++) {
        const float *z = j->z + (size_t)b * j->voxels * CK_WIDTH;
        double *out = j->partial + ((size_t)thread * j->blocks + b) * 2 * CK_WIDTH;
        memset(out, 0, 2 * CK_WIDTH * sizeof *out);
        for (size_t v = begin; v < end; v += chunk) {
            size_t stop = v + chunk < end ? v + chunk : end;
            vec s = {}, q = {0};
            for (size_t i = v; i < stop; i++) {
                vec x = load(z + i * CK_WIDTH);
                s += x;
                q += x * x;
            }
            for (int l = 0; l < CK_WIDTH; l++) {
                out[l] += s[l];
                out[CK_WIDTH + l] += q[l];
            }
        }
    }
}

static void sums(const float *z, int blocks, size_t voxels, double *result, double *partial, int threads) {
    job j = {.z = z, .blocks = blocks, .voxels = voxels, .partial = partial};
    ck_parallel(threads, threads, sums_body, &j);
    reduce_pairs(result, partial, blocks, threads);
}

static void scale_relu_body(void *context, int thread, int threads) {
    const job *j = context;
    size_t begin, end;
    share(j->voxels, thread, threads, &begin, &end);
    for (int b = 0; b < j->blocks; b++) {
        const ck_kept z = kept_from(j->kept, (size_t)b * j->voxels * CK_WIDTH);
        float *y = j->y + (size_t)b * j->voxels * CK_WIDTH;
        vec a = load(j->scale + b * CK_WIDTH), c = load(j->shift + b * CK_WIDTH);
        for (size_t i = begin; i < end; i++) store(y + i * CK_WIDTH, positive(kept_at(z, i * CK_WIDTH) * a + c));
    }
}

static void scale_relu(ck_kept z, const float *scale, const float *shift, float *y, int blocks, size_t voxels,
                       int threads) {
    job j = {.kept = z, .scale = scale, .shift = shift, .y = y, .blocks = blocks, .voxels = voxels};
    ck_parallel(threads, pieces(threads, (size_t)blocks * voxels * CK_WIDTH), scale_relu_body, &j);
}

static void norm_backward_sums_body(void *context, int thread, int threads) {
    const job *j = context;
    size_t begin, end;
    share(j->voxels, thread, threads, &begin, &end);
    for (int b = 0; b < j->blocks; b++) {
        const ck_kept z = kept_from(j->kept, (size_t)b * j->voxels * CK_WIDTH);
        const float *dy = j->dy + (size_t)b * j->voxels * CK_WIDTH;
        const vec a = load(j->scale + b * CK_WIDTH), c = load(j->shift + b * CK_WIDTH);
        const vec m = load(j->mean + b * CK_WIDTH), r = load(j->inverse + b * CK_WIDTH);
        double *out = j->partial + ((size_t)thread * j->blocks + b) * 2 * CK_WIDTH;
        memset(out, 0, 2 * CK_WIDTH * sizeof *out);
        for (size_t v = begin; v < end; v += chunk) {
            size_t stop = v + chunk < end ? v + chunk : end;
            vec s = {}, q = {0};
            for (size_t i = v; i < stop; i++) {
                vec x = kept_at(z, i * CK_WIDTH);
                vec g = select(x * a + c > 0, load(dy + i * CK_WIDTH), (vec){});
                s += g;
                q += g * ((x - m) * r);
            }
            for (int l = 0; l < CK_WIDTH; l++) {
                out[l] += s[l];
                out[CK_WIDTH + l] += q[l];
            }
        }
    }
}

static void norm_backward_sums(ck_kept z, const float *dy, const float *scale, const float *shift,
                               const float *mean, const float *inverse, int blocks, size_t voxels, double *result,
                               double *partial, int threads) {
    job j = {.kept = z,
             .dy = dy,
             .scale = scale,
             .shift = shift,
             .mean = mean,
             .inverse = inverse,
             .blocks = blocks,
             .voxels = voxels,
             .partial = partial};
    ck_parallel(threads, threads, norm_backward_sums_body, &j);
    reduce_pairs(result, partial, blocks, threads);
}

static void norm_backward_body(void *context, int thread, int threads) {
    const job *j = context;
    size_t begin, end;
    share(j->voxels, thread, threads, &begin, &end);
    for (int b = 0; b < j->blocks; b++) {
        const ck_kept z = kept_from(j->kept, (size_t)b * j->voxels * CK_WIDTH);
        float *dy = j->y + (size_t)b * j->voxels * CK_WIDTH;
        const vec a = load(j->scale + b * CK_WIDTH), c = load(j->shift + b * CK_WIDTH);
        const vec m = load(j->mean + b * CK_WIDTH), r = load(j->inverse + b * CK_WIDTH);
        const vec mg = load(j->mean_g + b * CK_WIDTH), mx = load(j->mean_gx + b * CK_WIDTH);
        for (size_t i = begin; i < end; i++) {
            vec x = kept_at(z, i * CK_WIDTH);
            vec g = select(x * a + c > 0, load(dy + i * CK_WIDTH), (vec){});
            store(dy + i * CK_WIDTH, a * (g - mg - (x - m) * r * mx));
        }
    }
}

static void norm_backward(ck_kept z, float *dy, const float *scale, const float *shift, const float *mean,
                          const float *inverse, const float *mean_g, const float *mean_gx, int blocks, size_t voxels,
                          int threads) {
    job j = {.kept = z,
             .y = dy,
             .scale = scale,
             .shift = shift,
             .mean = mean,
             .inverse = inverse,
             .mean_g = mean_g,
             .mean_gx = mean_gx,
             .blocks = blocks,
             .voxels = voxels};
    ck_parallel(threads, pieces(threads, (size_t)blocks * voxels * CK_WIDTH), norm_backward_body, &j);
}

static void relu_backward_body(void *context, int thread, int threads) {
    const job *j = context;
    size_t begin, end;
    share(j->voxels, thread, threads, &begin, &end);
    for (int b = 0; b < j->blocks; b++) {
        const ck_kept y = kept_from(j->kept, (size_t)b * j->voxels * CK_WIDTH);
        float *dy = j->y + (size_t)b * j->voxels * CK_WIDTH;
        double *out = j->partial + ((size_t)thread * j->blocks + b) * CK_WIDTH;
        memset(out, 0, CK_WIDTH * sizeof *out);
        for (size_t v = begin; v < end; v += chunk) {
            size_t stop = v + chunk < end ? v + chunk : end;
            vec s = {};
            for (size_t i = v; i < stop; i++) {
                vec g = select(kept_at(y, i * CK_WIDTH) > 0, load(dy + i * CK_WIDTH), (vec){});
                store(dy + i * CK_WIDTH, g);
                s += g;
            }
            for (int l = 0; l < CK_WIDTH; l++) out[l] += s[l];
        }
    }
}

static void relu_backward(ck_kept y, float *dy, int blocks, size_t voxels, double *result, double *partial,
                          int threads) {
    job j = {.kept = y, .y = dy, .blocks = blocks, .voxels = voxels, .partial = partial};
    ck_parallel(threads, threads, relu_backward_body, &j);
    reduce(result, partial, (size_t)blocks * CK_WIDTH, threads);
}

#endif
