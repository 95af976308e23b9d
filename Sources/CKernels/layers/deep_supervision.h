#ifndef CK_DEEP_SUPERVISION_H
#define CK_DEEP_SUPERVISION_H

#include "layer_job.h"

// Deep supervision: the loss of a coarser level's features under an output layer of their own, at the voxels that hold
// labels. As in dice.h, nothing is fused.
#pragma clang fp contract(off)

enum { most_classes = 256, most_list_parts = 64 };

typedef struct {
    const ck_deep_supervision *s;
    size_t listed;
    size_t *ends;  // per part: voxels listed
    double *partial;
    int blocks, parts;
} deep_job;

// --- Which voxels hold labels.

// Lists what a part's planes of the features hold: voxels, and labels of each class, from where those of the part's
// first voxel would lie. In the order in which the labels are met.
static void deep_list_body(void *context, int part) {
    const deep_job *j = context;
    const ck_deep_supervision *s = j->s;
    const ck_extent small = s->extent, large = s->label_extent, f = s->factors;
    const int oz = (small.depth * f.depth - large.depth) / 2, oy = (small.height * f.height - large.height) / 2;
    const int ox = (small.width * f.width - large.width) / 2, classes = s->classes;
    const int planes = s->samples * small.depth;
    const size_t plane_voxels = (size_t)small.height * small.width;
    const int first = ck_share(planes, part, j->parts), last = ck_share(planes, part + 1, j->parts);
    const size_t base = first * plane_voxels;
    size_t listed = 0;
    int32_t *places = s->places;
    for (size_t v = base; v < last * plane_voxels; v++) places[v] = -1;
    for (int plane = first; plane < last; plane++) {
        const int sample = plane / small.depth, coarse = plane % small.depth;
        const int from = ck_most(coarse * f.depth - oz, 0), to = ck_least((coarse + 1) * f.depth - oz, large.depth);
        for (int z = from; z < to; z++) {
            for (int y = 0; y < large.height; y++) {
                const uint8_t *label = s->labels +
                                       (((size_t)sample * large.depth + z) * large.height + y) * large.width;
                const size_t row = ((size_t)plane * small.height + (y + oy) / f.height) * small.width;
                for (int x = 0; x < large.width; x++) {
                    if (label[x] >= classes || !(s->class_weights[label[x]] > 0)) continue;
                    const size_t voxel = row + (x + ox) / f.width;
                    if (places[voxel] < 0) {
                        places[voxel] = (int32_t)listed;
                        s->voxels[base + listed] = (int32_t)voxel;
                        memset(s->counts + (base + listed) * classes, 0, classes * sizeof(float));
                        listed++;
                    }
                    s->counts[(base + places[voxel]) * classes + label[x]] += 1;
                }
            }
        }
    }
    j->ends[part] = listed;
}

static size_t deep_list(const ck_deep_supervision *s, int threads) {
    const int planes = s->samples * s->extent.depth, parts = ck_least(ck_least(threads, planes), most_list_parts);
    const size_t plane_voxels = (size_t)s->extent.height * s->extent.width;
    size_t ends[most_list_parts], listed = 0;
    deep_job j = {.s = s, .ends = ends, .parts = parts};
    ck_parallel_parts(threads, parts, deep_list_body, &j);
    // Closes the gaps between the parts' lists.
    for (int part = 0; part < parts; part++) {
        const size_t base = ck_share(planes, part, parts) * plane_voxels;
        memmove(s->voxels + listed, s->voxels + base, ends[part] * sizeof *s->voxels);
        memmove(s->counts + listed * s->classes, s->counts + base * s->classes,
                ends[part] * s->classes * sizeof *s->counts);
        listed += ends[part];
    }
    return listed;
}

// --- Probabilities and sums.

// Block b of a voxel's features after normalisation and ReLU.
CK_INLINE vec deep_feature(const ck_deep_supervision *s, size_t sample, size_t voxel, int b) {
    const size_t voxels = (size_t)s->extent.depth * s->extent.height * s->extent.width;
    const vec x = kept_at(s->features, sample * s->features_stride + (b * voxels + voxel) * CK_WIDTH);
    if (!s->scale) return x;
    const size_t at = sample * s->scale_stride + (size_t)b * CK_WIDTH;
    return positive(x * load(s->scale + at) + load(s->shift + at));
}

static void deep_sums_body(void *context, int part) {
    const deep_job *j = context;
    const ck_deep_supervision *s = j->s;
    const size_t voxels = (size_t)s->extent.depth * s->extent.height * s->extent.width;
    const int classes = s->classes, blocks = j->blocks;
    size_t begin, end;
    share(j->listed, part, j->parts, &begin, &end);
    double *sums = j->partial + (size_t)part * (2 + 3 * classes), *overlap = sums + 2;
    double *predicted = overlap + classes, *labelled = predicted + classes, entropy = 0, total = 0;
    memset(sums, 0, (2 + 3 * (size_t)classes) * sizeof *sums);
    for (size_t i = begin; i < end; i++) {
        const size_t sample = s->voxels[i] / voxels, voxel = s->voxels[i] % voxels;
        float *p = s->probabilities + i * classes, top = -INFINITY, sum = 0, all = 0;
        const float *n = s->counts + i * classes;
        for (int k = 0; k < classes; k++) {
            vec products = {};
            for (int b = 0; b < blocks; b++)
                products += load(s->weights + ((size_t)k * blocks + b) * CK_WIDTH) * deep_feature(s, sample, voxel, b);
            float logit = products[0];
            for (int l = 1; l < CK_WIDTH; l++) logit += products[l];
            p[k] = logit + s->bias[k];
            top = p[k] > top ? p[k] : top;
            all += n[k];
        }
        for (int k = 0; k < classes; k++) {
            const float logit = p[k] - top;
            p[k] = expf(logit);
            sum += p[k];
            entropy -= n[k] * s->class_weights[k] * logit;
        }
        for (int k = 0; k < classes; k++) {
            p[k] /= sum;
            const double weighted = n[k] * s->class_weights[k];
            entropy += weighted * logf(sum);
            total += weighted;
            overlap[k] += n[k] * p[k];
            predicted[k] += all * p[k];
            labelled[k] += n[k];
        }
    }
    sums[0] = entropy;
    sums[1] = total;
}

static void deep_sums(const ck_deep_supervision *s, size_t listed, double *result, double *partial, int threads) {
    deep_job j = {
        .s = s, .listed = listed, .partial = partial, .parts = threads, .blocks = ck_blocks_of(s->channels, CK_WIDTH)};
    ck_parallel_parts(threads, threads, deep_sums_body, &j);
    reduce(result, partial, 2 + 3 * (size_t)s->classes, threads);
}

// --- Gradients.

// The gradient at the logits of a part's voxels, in place of their probabilities, and from there at the features.
static void deep_features_body(void *context, int part) {
    const deep_job *j = context;
    const ck_deep_supervision *s = j->s;
    const size_t voxels = (size_t)s->extent.depth * s->extent.height * s->extent.width;
    const int classes = s->classes, blocks = j->blocks;
    size_t begin, end;
    share(j->listed, part, j->parts, &begin, &end);
    for (size_t i = begin; i < end; i++) {
        const size_t sample = s->voxels[i] / voxels, voxel = s->voxels[i] % voxels;
        float *p = s->probabilities + i * classes, slopes[most_classes], all = 0, weighted = 0, mean = 0;
        const float *n = s->counts + i * classes;
        for (int k = 0; k < classes; k++) {
            all += n[k];
            weighted += n[k] * s->class_weights[k];
        }
        for (int k = 0; k < classes; k++) {
            slopes[k] = n[k] * s->same[k] + (all - n[k]) * s->other[k];
            mean += p[k] * slopes[k];
        }
        for (int k = 0; k < classes; k++) {
            const float entropy = (weighted * p[k] - n[k] * s->class_weights[k]) * s->inverse;
            p[k] = s->weight * (entropy + s->dice * p[k] * (slopes[k] - mean));
        }
        for (int b = 0; b < blocks; b++) {
            float *to = s->features_gradient + sample * s->features_stride + (b * voxels + voxel) * CK_WIDTH;
            vec sum = load(to);
            for (int k = 0; k < classes; k++)
                sum += broadcast(p[k]) * load(s->weights + ((size_t)k * blocks + b) * CK_WIDTH);
            store(to, sum);
        }
    }
}

// The gradient of one block of a class's weights, over the voxels in their order, whatever the threads are; with the
// first block, that of its bias.
static void deep_weights_body(void *context, int item) {
    const deep_job *j = context;
    const ck_deep_supervision *s = j->s;
    const size_t voxels = (size_t)s->extent.depth * s->extent.height * s->extent.width;
    const int k = item / j->blocks, b = item % j->blocks;
    vec sum = {};
    float bias = 0;
    for (size_t i = 0; i < j->listed; i++) {
        const size_t sample = s->voxels[i] / voxels, voxel = s->voxels[i] % voxels;
        const float g = s->probabilities[i * s->classes + k];
        sum += broadcast(g) * deep_feature(s, sample, voxel, b);
        bias += g;
    }
    const int first = b * CK_WIDTH, count = ck_least(CK_WIDTH, s->channels - first);
    memcpy(s->weights_gradient + (size_t)k * s->channels + first, &sum, count * sizeof(float));
    if (b == 0) s->bias_gradient[k] = bias;
}

static void deep_backward(const ck_deep_supervision *s, size_t listed, int threads) {
    deep_job j = {.s = s, .listed = listed, .parts = threads, .blocks = ck_blocks_of(s->channels, CK_WIDTH)};
    ck_parallel_parts(threads, threads, deep_features_body, &j);
    ck_parallel_parts(threads, s->classes * j.blocks, deep_weights_body, &j);
}

#pragma clang fp contract(fast)

#endif
