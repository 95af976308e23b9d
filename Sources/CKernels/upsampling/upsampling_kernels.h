#ifndef CK_UPSAMPLING_KERNELS_H
#define CK_UPSAMPLING_KERNELS_H

#include "upsampling_passes.h"
#include "upsampling_weights.h"

// The kernels of up-convolutions for one instruction set.

const ck_upsampling_kernels CK_NAMED(ck_upsampling_kernels) = {
    .width = CK_WIDTH,
    .pack = pack,
    .pack_transposed = pack_transposed,
    .forward = forward,
    .backward_data = backward_data,
    .backward_weights = backward_weights,
    .reduce = reduce,
};

#endif
