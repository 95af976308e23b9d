#ifndef CK_CONVOLUTION_KERNELS_H
#define CK_CONVOLUTION_KERNELS_H

#include "direct_passes.h"
#include "winograd_fused.h"
#include "winograd_passes.h"
#include "winograd_weights.h"

// The kernels of convolutions for one instruction set.

const ck_conv_kernels CK_NAMED(ck_conv_kernels) = {
    .width = CK_WIDTH,
    .rows = CK_ROWS,
    .transform_weights = transform_weights,
    .forward = forward,
    .backward_weights = backward_weights,
    .reduce_gradient = reduce_gradient,
    .pack_weights = pack_weights,
    .fused_input = fused_input,
    .fused_products = fused_products,
    .fused_difference = fused_difference,
    .fused_gradient = fused_gradient,
    .unpack_gradient = unpack_gradient,
    .direct_forward = direct_forward,
    .direct_backward_weights = direct_backward_weights,
};

#endif
