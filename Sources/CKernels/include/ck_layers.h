#ifndef CK_LAYERS_H
#define CK_LAYERS_H

#include <stddef.h>
#include <stdint.h>

#include "ck_isa.h"
#include "ck_view.h"

// Everything of the network that is not a 3×3×3 or 2×2×2 convolution, for one sample.
//
// Activations are blocked: [channel blocks][depth × height × width][lanes], float32 (or bfloat16 where that is said),
// 64-byte aligned, where `lanes` is 16 with AVX-512 and 8 otherwise; the last block is padded with channels that are
// zero. Per-channel arrays (scale, shift, mean, …) are padded the same way. "Plain" arrays are
// [channels][depth × height × width].
// Results depend on the number of threads in their last bits, on nothing else.

#pragma clang assume_nonnull begin

typedef struct {
    int depth, height, width;
} ck_extent;

/// Deep supervision: the loss of a coarser level's features under an output layer of their own. A voxel of that level
/// is judged by all labels within it, each counted; labels that are no class or of a class of weight 0 do not count.
typedef struct {
    int samples, classes, channels;  // at most 256 classes
    ck_extent extent;                // of the features
    ck_extent label_extent;          // of the grid that the labels lie on, about the same centre as the features
    ck_extent factors;               // voxels of that grid to one of the features, on each axis
    const uint8_t *labels;           // [samples][label_extent]
    const float *class_weights;

    /// Blocked features, read as max(0, x·scale + shift), or as they are where `scale` is null, and the gradient at
    /// what is read, which is added to. Strides are floats from sample to sample.
    ck_kept features;
    const float *_Nullable scale, *_Nullable shift;
    float *features_gradient;
    size_t features_stride, scale_stride;

    /// The output layer, [classes][padded channels], and its gradient, [classes][channels], which is overwritten.
    const float *weights, *bias;
    float *weights_gradient, *bias_gradient;

    /// Room for all voxels of the features: the place of each among the listed ones; then, for the listed ones, which
    /// voxel it is, counting on from sample to sample, its labels of each class, and the classes' probabilities, which
    /// become the gradient at the logits.
    int32_t *places, *voxels;
    float *counts, *probabilities;

    /// For gradients: 1 / Σ n·w, the weight of the whole, that of soft Dice in it, and Dice's slopes at the probability
    /// of a class, where the label is that class and where it is another.
    float inverse, weight, dice;
    const float *_Nullable same, *_Nullable other;
} ck_deep_supervision;

/// The kernels of one instruction set.
typedef struct {
    int lanes;
    const char *_Nonnull name;

    /// sums[2·blocks·lanes] += (Σz, Σz²) per channel. `partial` holds threads·2·blocks·lanes doubles.
    void (*_Nonnull sums)(const float *z, int blocks, size_t voxels, double *sums, double *partial, int threads);
    /// y = max(0, z·scale + shift); y may be z.
    void (*_Nonnull scale_relu)(ck_kept z, const float *scale, const float *shift, float *y, int blocks,
                                size_t voxels, int threads);
    /// y = max(0, z·scale + shift), and pooled = the maximum of y over windows, as bfloat16 where
    /// `pooled_half` is set; y may be NULL or z.
    void (*_Nonnull scale_relu_pool)(ck_kept z, const float *scale, const float *shift, float *_Nullable y,
                                     float *pooled, int pooled_half, int blocks, ck_extent extent, ck_extent window,
                                     int threads);
    /// dy += dpooled at the first maximum of each window of y = max(0, z·scale + shift).
    void (*_Nonnull pool_backward)(ck_kept z, const float *scale, const float *shift, const float *dpooled,
                                   float *dy, int blocks, ck_extent extent, ck_extent window, int threads);
    /// With g = dy where z·scale + shift > 0, else 0, and x̂ = (z − mean)·inverse: sums += (Σg, Σg·x̂).
    void (*_Nonnull norm_backward_sums)(ck_kept z, const float *dy, const float *scale, const float *shift,
                                        const float *mean, const float *inverse, int blocks, size_t voxels,
                                        double *sums, double *partial, int threads);
    /// dy ← scale·(g − mean_g − x̂·mean_gx), the gradient at z.
    void (*_Nonnull norm_backward)(ck_kept z, float *dy, const float *scale, const float *shift, const float *mean,
                                   const float *inverse, const float *mean_g, const float *mean_gx, int blocks,
                                   size_t voxels, int threads);
    /// dy ← dy where y > 0, else 0; sums[blocks·lanes] += Σdy, the gradient of the bias.
    void (*_Nonnull relu_backward)(ck_kept y, float *dy, int blocks, size_t voxels, double *sums, double *partial,
                                   int threads);
    /// Copies the part of a larger grid that starts at `offset`.
    void (*_Nonnull crop)(const float *source, ck_extent from, float *destination, ck_extent to, ck_extent offset,
                          int blocks, int threads);
    /// The reverse: zero everywhere but in that part.
    void (*_Nonnull uncrop)(const float *source, ck_extent from, float *destination, ck_extent to, ck_extent offset,
                            int blocks, int threads);
    /// Plain to blocked and back; padded channels become zero.
    void (*_Nonnull block)(const float *plain, int channels, size_t voxels, float *blocked, int threads);
    void (*_Nonnull unblock)(const float *blocked, int channels, size_t voxels, float *plain, int threads);

    /// The 1×1×1 convolution: logits (plain) = weights·y + bias with y = max(0, x·scale + shift), or y = x where
    /// `scale` is null; weights are [classes][padded channels].
    void (*_Nonnull output)(ck_kept x, const float *_Nullable scale, const float *_Nullable shift, int channels,
                            size_t voxels, const float *weights, const float *bias, int classes, float *logits,
                            int threads);
    /// Its gradients; `dx` is that at y. `dlogits` is zero where `labels` is 255, and those voxels are skipped.
    /// dweights and dbias are added to; `partial` holds threads·classes·(padded channels + 1) doubles.
    void (*_Nonnull output_backward)(ck_kept x, const float *_Nullable scale, const float *_Nullable shift,
                                     int channels, size_t voxels, const float *weights, int classes,
                                     const float *dlogits, const uint8_t *labels, float *dx, float *dweights,
                                     float *dbias, double *partial, int threads);
    /// Softmax over the classes, in place.
    void (*_Nonnull softmax)(float *logits, int classes, size_t voxels, int threads);
    /// Σ weight·(−log p) over labelled voxels; logits ← inverse·weight·(p − onehot), 0 where unlabeled.
    double (*_Nonnull cross_entropy)(float *logits, int classes, size_t voxels, const uint8_t *labels,
                                     const float *class_weights, float inverse, double *partial, int threads);

    /// Soft Dice's part of the loss, at the labelled voxels whose class has a weight above 0. Takes their
    /// probabilities, for which there is room for all voxels, and sums[3·classes] += Σ p·t, Σ p and Σ t for each class,
    /// where t is 1 for the label and 0 for other classes. `partial` holds threads·3·classes doubles.
    void (*_Nonnull dice_sums)(const float *logits, int classes, size_t voxels, const uint8_t *labels,
                               const float *class_weights, float *probabilities, double *sums, double *partial,
                               int threads);
    /// logits += scale·p·(slope − Σ p·slope), with the slope of a class `same` where it is the label, else `other`;
    /// probabilities are those of `dice_sums` with as many threads.
    void (*_Nonnull dice_backward)(float *logits, int classes, size_t voxels, const uint8_t *labels,
                                   const float *class_weights, const float *probabilities, const float *same,
                                   const float *other, float scale, int threads);

    /// Lists the voxels that hold labels, with their counts; returns how many there are.
    size_t (*_Nonnull deep_list)(const ck_deep_supervision *, int threads);
    /// Takes the probabilities of the listed voxels, and sums[2 + 3·classes] += Σ n·w·(−log p), Σ n·w, then for each
    /// class Σ n·p, Σ p times all labels of the voxel, and Σ n. `partial` holds threads·(2 + 3·classes) doubles.
    void (*_Nonnull deep_sums)(const ck_deep_supervision *, size_t listed, double *sums, double *partial, int threads);
    /// The gradients, from the probabilities of `deep_sums`.
    void (*_Nonnull deep_backward)(const ck_deep_supervision *, size_t listed, int threads);

    void (*_Nonnull add)(float *sum, const float *term, size_t count, int threads);
    /// Adam (Kingma and Ba 2015) with the bias corrections folded into `rate` and `epsilon`; decoupled decay.
    void (*_Nonnull adam)(float *values, const float *gradients, float *first, float *second, size_t count, float rate,
                          float beta1, float beta2, float epsilon, float decay, int threads);
    /// velocity ← momentum·velocity + gradient + decay·value; value ← value − rate·velocity.
    void (*_Nonnull momentum)(float *values, const float *gradients, float *velocity, size_t count, float rate,
                              float momentum, float decay, int threads);
} ck_layers;

/// The kernels of an instruction set, or of the next lower that the processor has.
const ck_layers *_Nonnull ck_layers_for(ck_isa isa);

#pragma clang assume_nonnull end

#endif
