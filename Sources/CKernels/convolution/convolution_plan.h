#ifndef CK_CONVOLUTION_PLAN_H
#define CK_CONVOLUTION_PLAN_H

#include "convolution_table.h"

struct ck_conv_plan {
    ck_conv_shape shape;
    const ck_conv_kernels *kernels;
    int threads, in_channels, in_blocks, out_blocks, is_direct, parities;
    int result[3];
    ck_winograd forward, data, weights;
    ck_winograd natural;  // only width and the axes in order z, y, x
    ck_direct direct;
    // Offsets of padded channels in the plain weights.
    ptrdiff_t *in_offset, *out_offset;
    size_t workspace[3];  // of each pass
    char description[96];
};

/// Hands out aligned pieces of the workspace. With null `base` it only counts.
typedef struct {
    char *base;
    size_t used;
} ck_arena;

static inline void *ck_take(ck_arena *arena, size_t bytes) {
    void *piece = arena->base ? arena->base + arena->used : 0;
    arena->used += (bytes + 63) / 64 * 64;
    return piece;
}

/// The pieces of the workspace that come before the parts' own.
typedef struct {
    ck_block *in, *out;
    float *bias, *affine, *gradient, *work, *shared;
    double *sums;
} ck_pieces;

ck_pieces ck_cut(const ck_conv_plan *plan, const ck_winograd *w, int for_weights, ck_arena *arena);

/// Fills in everything of `w` that follows from source, result, kernel, pad and channel blocks (set by the caller).
/// `doubled` says for z, y, x whether the source is up-convolved along that axis.
void ck_winograd_choose(ck_winograd *w, const ck_conv_kernels *kernels, const ck_conv_options *options,
                        const int doubled[3], int threads, int for_weights);

void ck_direct_choose(ck_direct *direct, const ck_conv_plan *plan);
void ck_direct_run_forward(const ck_conv_plan *plan, const ck_view *source, const ck_conv_prologue *prologue,
                           const float *packed, const ck_block *out, const ck_results *results, ck_arena arena);
void ck_direct_run_backward_weights(const ck_conv_plan *plan, const ck_view *source, const ck_conv_prologue *prologue,
                                    const ck_block *diff, float *diff_weights, float *diff_bias, ck_arena arena);
void ck_direct_pack(const ck_conv_plan *plan, const float *weights, float *packed);
size_t ck_direct_workspace(const ck_conv_plan *plan);
size_t ck_direct_packed_floats(const ck_conv_plan *plan);

#endif
