#ifndef CK_CONVOLUTION_TABLE_H
#define CK_CONVOLUTION_TABLE_H

#include <stddef.h>

#include "../support/arithmetic.h"
#include "ck_convolution.h"

enum { ck_most_points = 216, ck_most_width = 16 };

/// One block of B channels of a source or destination, its axes in the order of the pass.
typedef struct {
    float *data;  // null: not wanted
    int half;     // bfloat16, which strides then count
    ptrdiff_t stride[3];
    const float *scale, *shift;  // B values each, or null
    int accumulate;
    int stream;  // destination too large for the caches: written past them
} ck_block;

/// A Winograd pass. Axes are ordered so that tile extents ascend; `axis[i]` is the axis (z, y, x = 0, 1, 2) that pass
/// axis i stands for.
typedef struct {
    int width;                  // B
    int in_blocks, out_blocks;  // channel blocks
    int axis[3];
    int tile[3], extent[3];  // m and m + k - 1
    int kernel[3];
    int points;                // product of extents
    int source[3], result[3];  // voxels
    int pad[3];
    int tiles[3], tile_count;
    // A convolution of an up-convolved source: parities of the destination's voxels, and blocks of each, along the
    // output blocks or, when reversed, the input blocks.
    int parities, parity_blocks;
    unsigned char uses[ck_most_points];  // parities whose transformed weights are not 0 at a point, as bits
    int tile_block, channel_block;
    int parts;                    // fixed partition of the work
    int channel_parts, split_in;  // backward-weights: how many of the parts split channels, and which side
    int combination;              // index of the transforms
    int reversed;                 // weights are flipped and their channel axes swapped
    int fused;   // weights are kept as taps and transformed piecewise inside the pass; for layers with few tiles
    int groups;  // fused: parts of a step's tiles that are multiplied separately
    int copies;  // backward-weights: gradients that are summed in the end; fused: parts that have tiles of their own
    size_t part_floats;    // workspace per part
    size_t shared_floats;  // fused: workspace for transformed tiles, shared by the parts or, with copies, per part
} ck_winograd;

/// A step of a fused pass: some tiles and some channel blocks.
typedef struct {
    int first, count;     // tiles
    int fresh;            // the first step: results are overwritten
    int channel, blocks;  // blocks of the input
    float *v, *d;         // transformed input and destination difference of the step's tiles, shared by the parts
} ck_step;

/// Weight addressing of a pass: element (out, in, tap) is weights[out_offset[out] + in_offset[in] + tap]; offsets −1
/// are padding.
typedef struct {
    const ptrdiff_t *out_offset, *in_offset;
} ck_weight_map;

/// What a forward pass does to its results.
typedef struct {
    const float *bias;  // padded to whole blocks, or null
    int relu;
    double *sums;  // [2][out_blocks × B] per part, or null
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
    void (*transform_weights)(const ck_winograd *, const ck_weight_map *, const float *weights, float *transformed,
                              int part);
    void (*forward)(const ck_winograd *, const ck_block *in, const ck_block *out, const float *transformed,
                    const ck_results *, float *work, int part);
    void (*backward_weights)(const ck_winograd *, const ck_block *in, const ck_block *diff, float *gradient,
                             double *diff_bias, float *work, int part);
    void (*reduce_gradient)(const ck_winograd *, const ck_weight_map *, const float *gradient, float *diff_weights,
                            int part);
    void (*pack_weights)(const ck_winograd *, const ck_weight_map *, const float *weights, float *packed, int part);
    void (*fused_input)(const ck_winograd *, const ck_block *in, const ck_step *, int part);
    void (*fused_products)(const ck_winograd *, const ck_block *out, const float *packed, const ck_results *,
                           const ck_step *, float *accumulated, float *work, int part);
    void (*fused_difference)(const ck_winograd *, const ck_block *diff, const ck_step *, double *diff_bias, int part);
    void (*fused_gradient)(const ck_winograd *, const ck_step *, float *packed, float *work, int part);
    void (*unpack_gradient)(const ck_winograd *, const ck_weight_map *, const float *packed, float *diff_weights,
                            int part);
    void (*direct_forward)(const ck_direct *, const float *copy, const float *packed, const ck_block *out,
                           const ck_results *, int part);
    void (*direct_backward_weights)(const ck_direct *, const float *copy, const ck_block *diff, float *gradient,
                                    int part);
} ck_conv_kernels;

/// Index of the transforms for ascending tile extents, −1 if there are none.
int ck_winograd_combination(const int tile[3]);

/// Floats between points of the transformed weights or their gradient, [panel][point][channel][vectors][B]; an odd
/// number of lines, so that points do not compete for the same sets of a cache.
static inline ptrdiff_t ck_point_stride(const ck_winograd *w, int vectors) {
    return (ptrdiff_t)w->in_blocks * w->width * vectors * w->width + w->width;
}

/// Floats between points of the transformed tiles of `blocks` blocks, [point][block][tile][B].
static inline ptrdiff_t ck_tile_stride(const ck_winograd *w, int blocks) {
    ptrdiff_t lines = (ptrdiff_t)blocks * w->tile_block;
    return w->width * (lines + 1 + lines % 2);
}

static inline int ck_taps(const ck_winograd *w) { return w->kernel[0] * w->kernel[1] * w->kernel[2]; }

/// Floats of all weights of a fused pass, or of the panels before `panel`: [panel][channel][tap][vectors][B].
static inline ptrdiff_t ck_packed_offset(const ck_winograd *w, int panel) {
    return (ptrdiff_t)panel * w->in_blocks * w->width * ck_taps(w) * 2 * w->width;
}

static inline ptrdiff_t ck_packed_floats(const ck_winograd *w) { return ck_packed_offset(w, (w->out_blocks + 1) / 2); }

/// Floats of the transformed weights, or of the panels before `panel`.
static inline ptrdiff_t ck_panel_offset(const ck_winograd *w, int panel) {
    return panel * w->points * ck_point_stride(w, 2);
}

static inline ptrdiff_t ck_transformed_floats(const ck_winograd *w) {
    return ck_panel_offset(w, (w->out_blocks + 1) / 2);
}

/// Whether two output blocks of a panel (or one, the last) have anything at a point.
static inline int ck_panel_uses(const ck_winograd *w, int panel, int point) {
    if (w->parities == 1 || w->reversed) return 1;
    int second = 2 * panel + 1 < w->out_blocks ? 2 * panel + 1 : 2 * panel;
    return (w->uses[point] >> 2 * panel / w->parity_blocks | w->uses[point] >> second / w->parity_blocks) & 1;
}

/// Whether an input block has anything at a point.
static inline int ck_block_used(const ck_winograd *w, int block, int point) {
    return w->parities == 1 || !w->reversed || w->uses[point] >> block / w->parity_blocks & 1;
}

#endif
