#include <stdint.h>

#include "convolution_plan.h"
#include "winograd.h"

// Half of a usual shared cache: a larger destination would have left it before it is read again.
static const double streamed_bytes = 16e6;

// Describes a view's blocks in the axis order of a pass.
static void list_blocks(const ck_winograd *w, const ck_view *view, int accumulate, ck_block *blocks) {
    const ptrdiff_t stride[3] = {view->plane_stride, view->row_stride, w->width};
    int large = 4.0 * view->channels * view->depth * view->height * view->width >= streamed_bytes;
    size_t line = sizeof(float) * w->width;
    for (int i = 0; i < ck_blocks_of(view->channels, w->width); i++) {
        ck_block block = {.half = view->half, .accumulate = accumulate};
        if (view->data) block.data = ck_element(view->data, view->half, i * view->block_stride);
        for (int axis = 0; axis < 3; axis++) block.stride[axis] = stride[w->axis[axis]];
        size_t offsets = (size_t)(view->plane_stride | view->row_stride) * sizeof(float);
        block.stream = large && !accumulate && ((uintptr_t)block.data | offsets) % line == 0;
        blocks[i] = block;
    }
}

// Describes the blocks of each parity of an up-convolved grid, whose axes are strided views of it.
static void list_parities(const ck_conv_plan *plan, const ck_winograd *w, const ck_view *view, ck_block *blocks) {
    int deep = plan->shape.window_depth == 2, high = ck_blocks_of(view->channels, w->width);
    if (!plan->shape.window_depth) {
        list_blocks(w, view, 0, blocks);
        return;
    }
    for (int parity = 0; parity < plan->parities; parity++) {
        ck_view part = *view;
        part.data = ck_element(view->data, view->half,
                               (parity >> 2) * view->plane_stride + (parity >> 1 & 1) * view->row_stride +
                                   (parity & 1) * (ptrdiff_t)w->width);
        list_blocks(w, &part, 0, blocks + parity * high);
        for (int i = parity * high; i < (parity + 1) * high; i++) {
            for (int axis = 0; axis < 3; axis++)
                if (w->axis[axis] > 0 || deep) blocks[i].stride[axis] *= 2;
            // Half a line at a time is not worth sending past the caches.
            if (sizeof(float) * w->width < 64) blocks[i].stream = 0;
        }
    }
}

static void list_sources(const ck_conv_plan *plan, const ck_winograd *w, const ck_view *sources,
                         const ck_conv_prologue *prologue, ck_pieces *p) {
    int index = 0, width = w->width;
    float *affine = p->affine;
    for (int segment = 0; segment < plan->shape.segments; segment++) {
        int blocks = ck_blocks_of(sources[segment].channels, width), real = sources[segment].channels;
        list_blocks(w, sources + segment, 0, p->in + index);
        if (prologue && prologue->scale[segment]) {
            for (int i = 0; i < blocks; i++, affine += 2 * width) {
                for (int lane = 0; lane < width; lane++) {
                    int channel = i * width + lane;
                    affine[lane] = channel < real ? prologue->scale[segment][channel] : 0;
                    affine[width + lane] = channel < real ? prologue->shift[segment][channel] : 0;
                }
                p->in[index + i].scale = affine;
                p->in[index + i].shift = affine + width;
            }
        }
        index += blocks;
    }
}

void ck_conv_transform_weights(const ck_conv_plan *plan, const float *weights, float *transformed,
                               int for_backward_data) {
    if (plan->is_direct && !for_backward_data) {
        ck_direct_pack(plan, weights, transformed);
        return;
    }
    const ck_weight_map forward = {plan->out_offset, plan->in_offset}, data = {plan->in_offset, plan->out_offset};
    ck_winograd_call c = {.plan = plan, .weights = weights, .transformed = transformed};
    c.w = for_backward_data ? &plan->data : &plan->forward;
    c.map = for_backward_data ? &data : &forward;
    ck_winograd_transform_weights(&c);
}

void ck_conv_forward(const ck_conv_plan *plan, const ck_view *sources, const ck_conv_prologue *prologue,
                     const float *transformed, const ck_conv_epilogue *epilogue, const ck_view *destination,
                     void *workspace) {
    const ck_winograd *w = &plan->forward;
    const ck_conv_epilogue none = {0};
    if (!epilogue) epilogue = &none;
    ck_arena arena = {workspace, 0};
    ck_pieces p = ck_cut(plan, w, 0, &arena);
    int channels = plan->out_blocks * w->width, real = plan->shape.out_channels;
    ck_results results = {.relu = epilogue->relu, .sums = epilogue->sums ? p.sums : 0};
    if (epilogue->bias) {
        for (int i = 0; i < channels; i++) p.bias[i] = i < real ? epilogue->bias[i] : 0;
        results.bias = p.bias;
    }
    ck_winograd_call c = {.plan = plan, .w = w, .pieces = &p, .weights = transformed, .results = &results};
    list_parities(plan, plan->is_direct ? &plan->natural : w, destination, p.out);
    for (int i = 0; i < w->out_blocks && epilogue->accumulate; i++) p.out[i].accumulate = 1, p.out[i].stream = 0;
    if (plan->is_direct) {
        ck_direct_run_forward(plan, sources, prologue, transformed, p.out, &results, arena);
    } else {
        list_sources(plan, w, sources, prologue, &p);
        ck_winograd_run(&c);
    }
    if (!epilogue->sums) return;
    for (int i = 0; i < real; i++) {
        double sum = 0, square = 0;
        for (int part = 0; part < w->parts; part++) {
            sum += p.sums[(size_t)part * 2 * channels + i];
            square += p.sums[(size_t)part * 2 * channels + channels + i];
        }
        epilogue->sums[i] = sum;
        epilogue->sums_of_squares[i] = square;
    }
}

void ck_conv_backward_data(const ck_conv_plan *plan, const ck_view *diff_destination, const float *transformed,
                           const ck_view *diff_sources, const int *accumulate, void *workspace) {
    const ck_winograd *w = &plan->data;
    ck_arena arena = {workspace, 0};
    ck_pieces p = ck_cut(plan, w, 0, &arena);
    const ck_results results = {0};
    ck_winograd_call c = {.plan = plan, .w = w, .pieces = &p, .weights = transformed, .results = &results};
    list_parities(plan, w, diff_destination, p.in);
    int index = 0;
    for (int segment = 0; segment < plan->shape.segments; segment++) {
        list_blocks(w, diff_sources + segment, accumulate ? accumulate[segment] : 0, p.out + index);
        index += ck_blocks_of(plan->shape.segment_channels[segment], w->width);
    }
    ck_winograd_run(&c);
}

void ck_conv_backward_weights(const ck_conv_plan *plan, const ck_view *sources, const ck_conv_prologue *prologue,
                              const ck_view *diff_destination, float *diff_weights, float *diff_bias, void *workspace) {
    const ck_winograd *w = &plan->weights;
    ck_arena arena = {workspace, 0};
    ck_pieces p = ck_cut(plan, w, !plan->is_direct, &arena);
    list_parities(plan, plan->is_direct ? &plan->natural : w, diff_destination, p.out);
    if (plan->is_direct) {
        ck_direct_run_backward_weights(plan, sources, prologue, p.out, diff_weights, diff_bias, arena);
        return;
    }
    const ck_weight_map map = {plan->out_offset, plan->in_offset};
    ck_winograd_call c = {.plan = plan,
                          .w = w,
                          .pieces = &p,
                          .map = &map,
                          .diff_weights = diff_weights,
                          .diff_bias = diff_bias ? p.sums : 0};
    list_sources(plan, w, sources, prologue, &p);
    ck_winograd_run_backward_weights(&c);
    if (!diff_bias) return;
    int channels = plan->out_blocks * w->width;
    for (int i = 0; i < plan->shape.out_channels; i++) {
        double sum = 0;
        for (int part = 0; part < w->parts; part++) sum += p.sums[(size_t)part * channels + i];
        diff_bias[i] = (float)sum;
    }
}
