#ifndef CK_WINOGRAD_H
#define CK_WINOGRAD_H

#include "convolution_plan.h"

/// One pass by Winograd's method; what a pass has no use for is null.
typedef struct {
    const ck_conv_plan *plan;
    const ck_winograd *w;
    const ck_pieces *pieces;
    const ck_weight_map *map;
    const ck_results *results;
    const ck_step *step;
    const float *weights;
    float *transformed, *diff_weights, *accumulated;
    double *diff_bias;
} ck_winograd_call;

/// From plain `weights` to `transformed`.
void ck_winograd_transform_weights(ck_winograd_call *call);

/// From sources to destination with transformed `weights`: the forward pass, or backward data.
void ck_winograd_run(ck_winograd_call *call);

void ck_winograd_run_backward_weights(ck_winograd_call *call);

#endif
