#ifndef CK_CONVOLUTION_H
#define CK_CONVOLUTION_H

#include <stddef.h>

#include "ck_isa.h"
#include "ck_view.h"

/// How a pass is computed. `ck_algorithm_direct` is for at most 4 input channels and has no backward-data pass of its
/// own.
typedef enum { ck_algorithm_automatic = 0, ck_algorithm_winograd = 1, ck_algorithm_direct = 2 } ck_algorithm;

/// Whether Winograd weights are transformed once per step or, for wide layers with few tiles, piecewise inside each
/// pass.
typedef enum { ck_fusion_automatic = 0, ck_fusion_never = 1, ck_fusion_always = 2 } ck_fusion;

/// A stride-1 convolution of one sample. The source is `segments` (1 or 2) views concatenated along channels.
/// `kernel_depth` is 3, or 1 for kernels 1×3×3. `padding` (0 or 1 voxel per side) applies to axes with kernel extent 3.
///
/// With `window_depth` 1 or 2 the source is first up-convolved with windows `window_depth`×2×2, and both together are
/// one convolution: every parity of a destination voxel (z slowest, x fastest) has kernels of its own over the source's
/// grid, two taps wide along the doubled axes. Its weights are [parity][out][in][kz][ky][kx] with kernel extent 3, taps
/// −1 … 1 around the source voxel; those of tap 1 of parity 0 and of tap −1 of parity 1 must be 0. One segment and
/// padding 1 only; extents are the source's.
///
/// With `plain` set the source is plain, not blocked, and of at most 4 channels.
///
/// `weight_inputs` is the number of input channels that a row of the weights has, if more than the segments' (0: as
/// many).
typedef struct {
    int segments;
    int segment_channels[2];
    int out_channels;
    int depth, height, width;
    int kernel_depth;
    int padding;
    int plain;
    int window_depth;
    int weight_inputs;
} ck_conv_shape;

/// Choices of a plan; zeros choose automatically. `tile` holds output tile extents per axis z, y, x, each 2 or 4 (z: 1
/// with `kernel_depth` 1). `tile_block` is how many tiles are transformed before multiplying; `channel_block` how many
/// channel blocks.
typedef struct {
    ck_algorithm algorithm;
    ck_isa isa;
    int threads;
    int tile[3];
    int tile_block, channel_block;
    ck_fusion fusion;
} ck_conv_options;

/// Applied to source values while loading, per segment: x ← relu(x·scale[channel] + shift[channel]). Padding voxels
/// stay zero. A segment with null `scale` is loaded as it is.
typedef struct {
    const float *scale[2];
    const float *shift[2];
} ck_conv_prologue;

/// Applied to destination values before storing: bias (null: none), what is there already when `accumulate` is not 0,
/// then ReLU when `relu` is not 0. `sums` and `sums_of_squares` (null: not wanted) receive, per output channel, the
/// sums over all stored values. With `window_depth` no bias and no sums.
typedef struct {
    const float *bias;
    int relu;
    double *sums, *sums_of_squares;
    int accumulate;
} ck_conv_epilogue;

/// A convolution prepared for one shape; immutable, so it may be used by several threads with workspaces of their own.
typedef struct ck_conv_plan ck_conv_plan;

/// Null if the shape or an option is not supported or memory runs out. Everything is allocated here.
ck_conv_plan *ck_conv_plan_create(const ck_conv_shape *shape, const ck_conv_options *options);
void ck_conv_plan_destroy(ck_conv_plan *plan);

/// Channels per block of this plan's views.
int ck_conv_block(const ck_conv_plan *plan);

/// The passes of a convolution.
typedef enum { ck_pass_forward = 0, ck_pass_backward_data = 1, ck_pass_backward_weights = 2 } ck_pass;

/// Bytes of the workspace that a pass needs, to be aligned to 64 bytes (better: 2 MiB, huge pages).
size_t ck_conv_workspace_bytes(const ck_conv_plan *plan, ck_pass pass);

/// Bytes of the transformed weights of the forward (`for_backward_data` 0) or backward-data pass (1).
size_t ck_conv_weights_bytes(const ck_conv_plan *plan, int for_backward_data);

/// A word for logs and tables, such as `winograd 4×4×4`. Lives as long as the plan.
const char *ck_conv_describe(const ck_conv_plan *plan);

/// Transforms plain weights [out][in][kz][ky][kx] for a pass. Must be called again whenever the weights change.
void ck_conv_transform_weights(const ck_conv_plan *plan, const float *weights, float *transformed,
                               int for_backward_data);

/// destination = epilogue(sources ∗ weights). `prologue` and `epilogue` may be null. Padding channels are written zero.
void ck_conv_forward(const ck_conv_plan *plan, const ck_view *sources, const ck_conv_prologue *prologue,
                     const float *transformed, const ck_conv_epilogue *epilogue, const ck_view *destination,
                     void *workspace);

/// The adjoint with respect to the sources. Each segment's view is overwritten, or added to where `accumulate[segment]`
/// is not 0 (null: overwritten). A segment whose view has null `data` is skipped.
void ck_conv_backward_data(const ck_conv_plan *plan, const ck_view *diff_destination, const float *transformed,
                           const ck_view *diff_sources, const int *accumulate, void *workspace);

/// The adjoint with respect to the weights, plain [out][in][kz][ky][kx], and the bias (null: not wanted, never with
/// `window_depth`); both overwritten, taps that a parity never uses with anything. Sources are loaded through the
/// prologue, as in the forward pass.
void ck_conv_backward_weights(const ck_conv_plan *plan, const ck_view *sources, const ck_conv_prologue *prologue,
                              const ck_view *diff_destination, float *diff_weights, float *diff_bias, void *workspace);

#endif
