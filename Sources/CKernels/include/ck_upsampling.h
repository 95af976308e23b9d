#ifndef CK_UPSAMPLING_H
#define CK_UPSAMPLING_H

#include <stddef.h>

#include "ck_isa.h"
#include "ck_view.h"

/// An up-convolution of one sample whose windows do not overlap: source voxel v paints the destination voxels
/// window·v + tap. The window is `window_depth` (1 or 2) × 2 × 2, the extent the source's. Weights in plain order are
/// [in][out][kz][ky][kx]. Results depend on `threads` in their last bits, on nothing else.
typedef struct {
    ck_isa isa;
    int threads;
    int in_channels, out_channels;
    int depth, height, width;
    int window_depth;
} ck_upsampling;

/// Floats of the packed weights, for the forward pass and the backward-data pass alike.
size_t ck_upsampling_weights_count(const ck_upsampling *shape);

/// Floats of the workspace of the forward (`for_weights` 0) or backward-weights pass (1), to be aligned to 64 bytes.
size_t ck_upsampling_workspace_count(const ck_upsampling *shape, int for_weights);

/// Packs plain weights for a pass. Must be called again whenever the weights change.
void ck_upsampling_pack(const ck_upsampling *shape, const float *weights, float *packed, int for_backward_data);

/// destination = up-convolution of max(0, source·scale + shift), or of the source as it is where `scale` is null.
/// `scale` and `shift` are padded to whole blocks. Padding channels are written zero.
void ck_upsampling_forward(const ck_upsampling *shape, const ck_view *source, const float *scale, const float *shift,
                           const float *packed, const ck_view *destination, float *workspace);

/// The adjoint with respect to the source, which is overwritten.
void ck_upsampling_backward_data(const ck_upsampling *shape, const ck_view *diff_destination, const float *packed,
                                 const ck_view *diff_source);

/// The adjoint with respect to the weights, in plain order, overwritten. The source is read as in the forward pass.
void ck_upsampling_backward_weights(const ck_upsampling *shape, const ck_view *source, const float *scale,
                                    const float *shift, const ck_view *diff_destination, float *diff_weights,
                                    float *workspace);

#endif
