#ifndef CK_UPSAMPLING_FUSION_H
#define CK_UPSAMPLING_FUSION_H

/// An up-convolution and the convolution after it, to be computed as one; see `window_depth` of `ck_conv_shape`. The
/// up-convolution's weights are [in][mid][window], the convolution's [out][inputs][kernel], of which the first `mid`
/// inputs are meant. Fused weights are [parity][out][in][kernel]. All arrays are plain floats.
///
/// Products of both are made by whoever has a matrix multiplication, one tap q of the window after the other:
/// products [in][out][kernel] = A[q] × B, where A is [window][in][mid] and B is [mid][out][kernel].
typedef struct {
    int in, mid, out, inputs;
    int kernel_depth, window_depth;
    int threads;
} ck_upsampling_fusion;

/// A from the up-convolution's weights, and the reverse for gradients.
void ck_upsampling_fusion_window(const ck_upsampling_fusion *shape, const float *weights, float *a);
void ck_upsampling_fusion_window_back(const ck_upsampling_fusion *shape, const float *a, float *weights);

/// B from the convolution's weights, and the reverse for gradients, which leaves the other inputs as they are.
void ck_upsampling_fusion_kernel(const ck_upsampling_fusion *shape, const float *weights, float *b);
void ck_upsampling_fusion_kernel_back(const ck_upsampling_fusion *shape, const float *b, float *weights);

/// fused += what the products of tap q are part of; and the reverse, products ← their part of the gradient.
void ck_upsampling_fusion_add(const ck_upsampling_fusion *shape, int q, const float *products, float *fused);
void ck_upsampling_fusion_take(const ck_upsampling_fusion *shape, int q, const float *fused, float *products);

#endif
