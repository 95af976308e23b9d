#ifndef CK_CONVOLUTION_INTERNAL_H
#define CK_CONVOLUTION_INTERNAL_H

#include "ck_convolution.h"

enum { ck_most_points = 216, ck_most_width = 16 };

/// One block of B channels of a source or destination, its axes in the order of the pass.
typedef struct {
    float *data;  // null: not wanted
    ptrdiff_t stride[3];
    const float *scale, *shift;  // B values each, or null
    int accumulate;
} ck_block;

/// A Winograd pass. Axes are ordered so that tile extents ascend; `axis[i]` is the axis (z, y, x = 0, 1, 2) that pass axis i stands for.
typedef struct {
    int width;                    // B
    int in_blocks, out_blocks;    // channel blocks
    int axis[3];
    int tile[3], extent[3];       // m and m + k - 1
    int kernel[3];
    int points;                   // product of extents
    int source[3], result[3];     // voxels
    int pad[3];
    int tiles[3], tile_count;
    int tile_block, channel_block;
    int parts;                    // fixed partition of the work
    int channel_parts, split_in;  // backward-weights: how many of the parts split channels, and which side
    int combination;              // index of the transforms
    int reversed;                 // weights are flipped and their channel axes swapped
    size_t part_floats;           // workspace per part
} ck_winograd;

/// Weight addressing of a pass: element (out, in, tap) is weights[out_offset[out] + in_offset[in] + tap]; offsets −1 are padding.
typedef struct {
    const ptrdiff_t *out_offset, *in_offset;
} ck_weight_map;

/// What a forward pass does to its results.
typedef struct {
    const float *bias;  // padded to whole blocks, or null
    int relu;
    double *sums;       // [2][out_blocks × B] per part, or null
} ck_results;

/// A direct convolution of few channels; the source is copied, padded, to plain planes first.
typedef struct {
    int width, channels, out_blocks, kernel_depth, padding;
    int source[3], padded[3], result[3];
    ptrdiff_t row, plane, channel;  // strides of the padded copy
    int parts;
    size_t copy_floats, part_floats;
} ck_direct;

/// The kernels of one instruction set. `part` ranges over the plan's parts.
typedef struct {
    int width, rows;
    void (*transform_weights)(const ck_winograd *, const ck_weight_map *, const float *weights, float *transformed, int part);
    void (*forward)(const ck_winograd *, const ck_block *in, const ck_block *out, const float *transformed,
                    const ck_results *, float *work, int part);
    void (*backward_weights)(const ck_winograd *, const ck_block *in, const ck_block *diff, float *gradient,
                             double *diff_bias, float *work, int part);
    void (*reduce_gradient)(const ck_winograd *, const ck_weight_map *, const float *gradient, float *diff_weights, int part);
    void (*direct_forward)(const ck_direct *, const float *copy, const float *packed, const ck_block *out,
                           const ck_results *, int part);
    void (*direct_backward_weights)(const ck_direct *, const float *copy, const ck_block *diff, float *gradient, int part);
} ck_kernels;

extern const ck_kernels ck_kernels_portable;
#if defined(__x86_64__)
extern const ck_kernels ck_kernels_avx2, ck_kernels_avx512;
#endif

/// Index of the transforms for ascending tile extents, −1 if there are none.
int ck_winograd_combination(const int tile[3]);

static inline int ck_least(int a, int b) { return a < b ? a : b; }
static inline int ck_most(int a, int b) { return a > b ? a : b; }
static inline int ck_share(int count, int part, int parts) { return (int)((long long)count * part / parts); }

#endif
