#ifndef CK_MERGING_H
#define CK_MERGING_H

/// An up-convolution and the convolution after it, to be computed as one; see `window_depth` of `ck_conv_shape`. The
/// up-convolution's weights are [in][mid][window], the convolution's [out][inputs][kernel], of which the first `mid`
/// inputs are meant. Merged weights are [parity][out][in][kernel]. All arrays are plain floats.
///
/// Products of both are made by whoever has a matrix multiplication, one tap q of the window after the other:
/// products [in][out][kernel] = A[q] × B, where A is [window][in][mid] and B is [mid][out][kernel].
typedef struct {
    int in, mid, out, inputs;
    int kernel_depth, window_depth;
    int threads;
} ck_merging;

/// A from the up-convolution's weights, and the reverse for gradients.
void ck_merging_window(const ck_merging *shape, const float *weights, float *a);
void ck_merging_window_back(const ck_merging *shape, const float *a, float *weights);

/// B from the convolution's weights, and the reverse for gradients, which leaves the other inputs as they are.
void ck_merging_kernel(const ck_merging *shape, const float *weights, float *b);
void ck_merging_kernel_back(const ck_merging *shape, const float *b, float *weights);

/// merged += what the products of tap q are part of; and the reverse, products ← their part of the gradient.
void ck_merging_add(const ck_merging *shape, int q, const float *products, float *merged);
void ck_merging_take(const ck_merging *shape, int q, const float *merged, float *products);

#endif
