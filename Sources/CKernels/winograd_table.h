const ck_kernels CK_TABLE = {
    .width = CK_WIDTH,
    .rows = CK_ROWS,
    .transform_weights = transform_weights,
    .forward = forward,
    .backward_weights = backward_weights,
    .reduce_gradient = reduce_gradient,
    .direct_forward = direct_forward,
    .direct_backward_weights = direct_backward_weights,
};
