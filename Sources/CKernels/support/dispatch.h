#ifndef CK_DISPATCH_H
#define CK_DISPATCH_H

#include "../convolution/convolution_table.h"
#include "../upsampling/upsampling_table.h"

/// The kernels of the instruction set that `isa` resolves to; those of layers are `ck_layers_for`.
const ck_conv_kernels *ck_conv_kernels_for(ck_isa isa);
const ck_upsampling_kernels *ck_upsampling_kernels_for(ck_isa isa);

#endif
