#ifndef CK_LAYERS_KERNELS_H
#define CK_LAYERS_KERNELS_H

#include "classifier.h"
#include "deep_supervision.h"
#include "dice.h"
#include "layout.h"
#include "losses.h"
#include "normalization.h"
#include "optimizers.h"
#include "pooling.h"

// The kernels of layers for one instruction set.

const ck_layers CK_NAMED(ck_layers) = {
    .lanes = CK_WIDTH,
    .name = CK_ISA_NAME,
    .sums = sums,
    .scale_relu = scale_relu,
    .scale_relu_pool = scale_relu_pool,
    .pool_backward = pool_backward,
    .norm_backward_sums = norm_backward_sums,
    .norm_backward = norm_backward,
    .relu_backward = relu_backward,
    .crop = crop,
    .uncrop = uncrop,
    .block = block,
    .unblock = unblock,
    .output = output,
    .output_backward = output_backward,
    .softmax = softmax,
    .cross_entropy = cross_entropy,
    .dice_sums = dice_sums,
    .dice_backward = dice_backward,
    .deep_list = deep_list,
    .deep_sums = deep_sums,
    .deep_backward = deep_backward,
    .add = add,
    .adam = adam,
    .momentum = momentum,
};

#endif
