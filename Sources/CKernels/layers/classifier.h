#ifndef CK_CLASSIFIER_H
#define CK_CLASSIFIER_H

#include "layer_job.h"

// The last layer: the 1×1×1 convolution to classes.

typedef struct {
    ck_kept x;
    const float *scale, *shift, *weights, *bias, *dlogits, *class_weights;
    const uint8_t *labels;
    float *logits, *dx;
    double *partial;
    size_t voxels;
    int channels, classes;
    float inverse;
} output_job;

enum { most_classes_at_once = 4 };

// Block b of a voxel's features, y = max(0, x·scale + shift).
CK_INLINE vec feature(const output_job *j, int b, size_t v) {
    const vec x = kept_at(j->x, ((size_t)b * j->voxels + v) * CK_WIDTH);
    if (!j->scale) return x;
    return positive(x * load(j->scale + b * CK_WIDTH) + load(j->shift + b * CK_WIDTH));
}

// Classes `first ..< first + count` at the voxels of one thread; channels are read once for up to four classes.
CK_INLINE void output_classes(const output_job *j, int first, int count, size_t begin, size_t end) {
    const int blocks = (j->channels + CK_WIDTH - 1) / CK_WIDTH;
    for (size_t v = begin; v < end; v++) {
        vec total[most_classes_at_once] = {};
        for (int b = 0; b < blocks; b++) {
            const vec x = feature(j, b, v);
            for (int k = 0; k < count; k++) {
                const vec w = load(j->weights + ((size_t)(first + k) * blocks + b) * CK_WIDTH);
                total[k] += x * w;
            }
        }
        for (int k = 0; k < count; k++) {
            float sum = j->bias[first + k];
            for (int l = 0; l < CK_WIDTH; l++) sum += total[k][l];
            j->logits[(size_t)(first + k) * j->voxels + v] = sum;
        }
    }
}

static void output_body(void *context, int thread, int threads) {
    const output_job *j = context;
    size_t begin, end;
    share(j->voxels, thread, threads, &begin, &end);
    int k = 0;
    for (; k + 4 <= j->classes; k += 4) output_classes(j, k, 4, begin, end);
    if (j->classes - k == 3) output_classes(j, k, 3, begin, end);
    if (j->classes - k == 2) output_classes(j, k, 2, begin, end);
    if (j->classes - k == 1) output_classes(j, k, 1, begin, end);
}

static void output(ck_kept x, const float *scale, const float *shift, int channels, size_t voxels,
                   const float *weights, const float *bias, int classes, float *logits, int threads) {
    output_job j = {.x = x,
                    .scale = scale,
                    .shift = shift,
                    .channels = channels,
                    .voxels = voxels,
                    .weights = weights,
                    .bias = bias,
                    .classes = classes,
                    .logits = logits};
    ck_parallel(threads, pieces(threads, channels * voxels), output_body, &j);
}

static void output_backward_body(void *context, int thread, int threads) {
    const output_job *j = context;
    const int blocks = (j->channels + CK_WIDTH - 1) / CK_WIDTH, row = blocks * CK_WIDTH + 1;
    double *partial = j->partial + (size_t)thread * j->classes * row;
    memset(partial, 0, (size_t)j->classes * row * sizeof *partial);
    size_t begin, end;
    share(j->voxels, thread, threads, &begin, &end);
    for (int b = 0; b < blocks; b++)
        memset(j->dx + ((size_t)b * j->voxels + begin) * CK_WIDTH, 0, (end - begin) * CK_WIDTH * sizeof(float));
    for (size_t v = begin; v < end; v++) {
        if (j->labels[v] == ck_unlabeled) continue;
        for (int b = 0; b < blocks; b++) {
            const size_t i = ((size_t)b * j->voxels + v) * CK_WIDTH;
            const vec x = feature(j, b, v);
            vec dx = {};
            for (int k = 0; k < j->classes; k++) {
                const float g = j->dlogits[(size_t)k * j->voxels + v];
                const vec w = load(j->weights + ((size_t)k * blocks + b) * CK_WIDTH);
                dx += w * broadcast(g);
                const vec dw = x * broadcast(g);
                for (int l = 0; l < CK_WIDTH; l++) partial[(size_t)k * row + b * CK_WIDTH + l] += dw[l];
            }
            store(j->dx + i, dx);
        }
        for (int k = 0; k < j->classes; k++)
            partial[(size_t)k * row + row - 1] += j->dlogits[(size_t)k * j->voxels + v];
    }
}

static void output_backward(ck_kept x, const float *scale, const float *shift, int channels, size_t voxels,
                            const float *weights, int classes, const float *dlogits, const uint8_t *labels, float *dx,
                            float *dweights, float *dbias, double *partial, int threads) {
    output_job j = {.x = x,
                    .scale = scale,
                    .shift = shift,
                    .channels = channels,
                    .voxels = voxels,
                    .weights = weights,
                    .classes = classes,
                    .dlogits = dlogits,
                    .labels = labels,
                    .dx = dx,
                    .partial = partial};
    ck_parallel(threads, threads, output_backward_body, &j);
    const int row = (channels + CK_WIDTH - 1) / CK_WIDTH * CK_WIDTH + 1;
    for (int k = 0; k < classes; k++) {
        for (int c = 0; c < row; c++) {
            double sum = 0;
            for (int t = 0; t < threads; t++) sum += partial[((size_t)t * classes + k) * row + c];
            if (c < channels) dweights[(size_t)k * channels + c] += (float)sum;
            if (c == row - 1) dbias[k] += (float)sum;
        }
    }
}

#endif
