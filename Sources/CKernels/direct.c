#include "convolution_plan.h"
void ck_direct_choose(ck_direct *d, const ck_conv_plan *plan){(void)d;(void)plan;}
void ck_direct_run_forward(const ck_conv_plan *plan, const ck_view *source, const ck_conv_prologue *prologue, const float *packed,
                           const ck_block *out, const ck_results *results, ck_arena arena){(void)plan;(void)source;(void)prologue;(void)packed;(void)out;(void)results;(void)arena;}
void ck_direct_run_backward_weights(const ck_conv_plan *plan, const ck_view *source, const ck_conv_prologue *prologue,
                                    const ck_block *diff, float *diff_weights, float *diff_bias, ck_arena arena){(void)plan;(void)source;(void)prologue;(void)diff;(void)diff_weights;(void)diff_bias;(void)arena;}
void ck_direct_pack(const ck_conv_plan *plan, const float *weights, float *packed){(void)plan;(void)weights;(void)packed;}
size_t ck_direct_workspace(const ck_conv_plan *plan){(void)plan;return 0;}
size_t ck_direct_packed_floats(const ck_conv_plan *plan){(void)plan;return 0;}
