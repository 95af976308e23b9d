#ifndef CK_DICE_H
#define CK_DICE_H

#include "layer_job.h"

// Soft Dice of the labelled voxels. Each rounding is that of the formula as it is written: nothing is fused, so that a
// voxel's values are the same with every instruction set.
#pragma clang fp contract(off)

typedef struct {
    float *logits, *probabilities;
    const float *class_weights, *same, *other;
    const uint8_t *labels;
    double *partial;
    size_t voxels;
    int classes, parts;
    float scale;
} dice_job;

CK_INLINE int dice_counts(const dice_job *j, size_t v) {
    return j->labels[v] < j->classes && j->class_weights[j->labels[v]] > 0;
}

// Takes a part's probabilities, one voxel after the other from where its first voxel's would lie, and its sums.
static void dice_sums_body(void *context, int part) {
    const dice_job *j = context;
    const int classes = j->classes;
    size_t begin, end;
    share(j->voxels, part, j->parts, &begin, &end);
    float *p = j->probabilities + begin * classes;
    double *overlap = j->partial + (size_t)part * 3 * classes, *predicted = overlap + classes;
    double *labelled = predicted + classes;
    memset(overlap, 0, 3 * (size_t)classes * sizeof *overlap);
    for (size_t v = begin; v < end; v++) {
        if (!dice_counts(j, v)) continue;
        const float *z = j->logits + v;
        const int label = j->labels[v];
        float top = z[0], sum = 0;
        for (int k = 1; k < classes; k++) top = z[k * j->voxels] > top ? z[k * j->voxels] : top;
        for (int k = 0; k < classes; k++) {
            p[k] = expf(z[k * j->voxels] - top);
            sum += p[k];
        }
        for (int k = 0; k < classes; k++) {
            p[k] /= sum;
            predicted[k] += p[k];
        }
        overlap[label] += p[label];
        labelled[label] += 1;
        p += classes;
    }
}

static void dice_sums(const float *logits, int classes, size_t voxels, const uint8_t *labels,
                      const float *class_weights, float *probabilities, double *result, double *partial, int threads) {
    dice_job j = {.logits = (float *)logits,
                  .classes = classes,
                  .voxels = voxels,
                  .labels = labels,
                  .class_weights = class_weights,
                  .probabilities = probabilities,
                  .partial = partial,
                  .parts = threads};
    ck_parallel_parts(threads, threads, dice_sums_body, &j);
    reduce(result, partial, 3 * (size_t)classes, threads);
}

static void dice_backward_body(void *context, int part) {
    const dice_job *j = context;
    const int classes = j->classes;
    size_t begin, end;
    share(j->voxels, part, j->parts, &begin, &end);
    const float *p = j->probabilities + begin * classes;
    for (size_t v = begin; v < end; v++) {
        if (!dice_counts(j, v)) continue;
        float *z = j->logits + v;
        const int label = j->labels[v];
        float mean = 0;
        for (int k = 0; k < classes; k++) mean += p[k] * (k == label ? j->same[k] : j->other[k]);
        for (int k = 0; k < classes; k++) {
            const float slope = k == label ? j->same[k] : j->other[k];
            z[k * j->voxels] += j->scale * p[k] * (slope - mean);
        }
        p += classes;
    }
}

static void dice_backward(float *logits, int classes, size_t voxels, const uint8_t *labels, const float *class_weights,
                          const float *probabilities, const float *same, const float *other, float scale, int threads) {
    dice_job j = {.logits = logits,
                  .classes = classes,
                  .voxels = voxels,
                  .labels = labels,
                  .class_weights = class_weights,
                  .probabilities = (float *)probabilities,
                  .same = same,
                  .other = other,
                  .scale = scale,
                  .parts = threads};
    ck_parallel_parts(threads, threads, dice_backward_body, &j);
}

#pragma clang fp contract(fast)

#endif
