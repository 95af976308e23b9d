#include <stdint.h>

#include "ck_parallel.h"
#include "convolution_plan.h"

// Half of a usual shared cache: a larger destination would have left it before it is read again.
static const double streamed_bytes = 16e6;

// Describes a view's blocks in the axis order of a pass.
static void list_blocks(const ck_winograd *w, const ck_view *view, int accumulate, ck_block *blocks) {
    const ptrdiff_t stride[3] = {view->plane_stride, view->row_stride, w->width};
    int large = 4.0 * view->channels * view->depth * view->height * view->width >= streamed_bytes;
    size_t line = sizeof(float) * w->width;
    for (int i = 0; i < ck_blocks_of(view->channels, w->width); i++) {
        ck_block block = {.data = view->data ? view->data + i * view->block_stride : 0, .accumulate = accumulate};
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
        part.data += (parity >> 2) * view->plane_stride + (parity >> 1 & 1) * view->row_stride +
                     (parity & 1) * (ptrdiff_t)w->width;
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
} call;

// Each body runs one kernel for the parts of a thread.
#define CK_BODY(name, kernel)                                          \
    static void name(void *context, int thread, int threads) {         \
        const call *c = context;                                       \
        const ck_kernels *k = c->plan->kernels;                        \
        for (int part = thread; part < c->w->parts; part += threads) { \
            kernel;                                                    \
        }                                                              \
    }

CK_BODY(run_transform, k->transform_weights(c->w, c->map, c->weights, c->transformed, part))
CK_BODY(run_packing, k->pack_weights(c->w, c->map, c->weights, c->transformed, part))
CK_BODY(run_unpacking, k->unpack_gradient(c->w, c->map, c->pieces->gradient, c->diff_weights, part))
CK_BODY(run_reduction, k->reduce_gradient(c->w, c->map, c->pieces->gradient, c->diff_weights, part))
CK_BODY(run_forward, k->forward(c->w, c->pieces->in, c->pieces->out, c->weights, c->results,
                                c->pieces->work + part * c->w->part_floats, part))
CK_BODY(run_gradient, k->backward_weights(c->w, c->pieces->in, c->pieces->out, c->pieces->gradient, c->diff_bias,
                                          c->pieces->work + part * c->w->part_floats, part))
CK_BODY(run_input, k->fused_input(c->w, c->pieces->in, c->step, part))
CK_BODY(run_difference, k->fused_difference(c->w, c->pieces->out, c->step, c->diff_bias, part))
CK_BODY(run_products, k->fused_products(c->w, c->pieces->out, c->weights, c->results, c->step, c->accumulated,
                                        c->pieces->work + part * c->w->part_floats, part))
CK_BODY(run_fused_gradient,
        k->fused_gradient(c->w, c->step, c->pieces->gradient, c->pieces->work + part * c->w->part_floats, part))

// The pass from sources to destination: the forward pass, or backward data.
static void run_pass(call *c) {
    const ck_winograd *w = c->w;
    if (!w->fused) {
        ck_parallel(w->parts, run_forward, c);
        return;
    }
    ck_step step = {.v = c->pieces->shared, .fresh = 1};
    if (w->channel_block < w->in_blocks) c->accumulated = step.v + w->points * ck_tile_stride(w, w->channel_block);
    c->step = &step;
    for (; step.first < w->tile_count; step.first += step.count, step.fresh = 0) {
        step.count = ck_least(w->tile_block, w->tile_count - step.first);
        for (step.channel = 0; step.channel < w->in_blocks; step.channel += step.blocks) {
            step.blocks = ck_least(w->channel_block, w->in_blocks - step.channel);
            ck_parallel(w->parts, run_input, c);
            ck_parallel(w->parts, run_products, c);
        }
    }
}

// The whole pass over one part's tiles, all by itself.
static void backward_weights_alone(const call *c, int part) {
    const ck_kernels *k = c->plan->kernels;
    const ck_pieces *p = c->pieces;
    ck_winograd w = *c->w;
    int end = ck_share(w.tile_count, part + 1, w.parts);
    ck_step step = {
        .v = p->shared + part * w.shared_floats, .first = ck_share(w.tile_count, part, w.parts), .fresh = 1};
    step.d = step.v + w.points * ck_tile_stride(&w, w.channel_block);
    float *gradient = p->gradient + part * ck_packed_floats(&w), *work = p->work + part * w.part_floats;
    double *diff_bias = c->diff_bias ? c->diff_bias + (size_t)part * w.out_blocks * w.width : 0;
    w.parts = 1;
    for (; step.first < end; step.first += step.count, step.fresh = 0) {
        step.count = ck_least(w.tile_block, end - step.first);
        k->fused_difference(&w, p->out, &step, diff_bias, 0);
        for (step.channel = 0; step.channel < w.in_blocks; step.channel += step.blocks) {
            step.blocks = ck_least(w.channel_block, w.in_blocks - step.channel);
            k->fused_input(&w, p->in, &step, 0);
            k->fused_gradient(&w, &step, gradient, work, 0);
        }
    }
}

CK_BODY(run_gradient_alone, backward_weights_alone(c, part); (void)k)

static void run_weights_pass(call *c) {
    const ck_winograd *w = c->w;
    if (!w->fused) {
        ck_parallel(w->parts, run_gradient, c);
        ck_parallel(w->parts, run_reduction, c);
        return;
    }
    if (w->copies > 1) {
        ck_parallel(w->parts, run_gradient_alone, c);
        ck_parallel(w->parts, run_unpacking, c);
        return;
    }
    ck_step step = {.v = c->pieces->shared, .fresh = 1};
    step.d = step.v + w->points * ck_tile_stride(w, w->channel_block);
    c->step = &step;
    for (; step.first < w->tile_count; step.first += step.count, step.fresh = 0) {
        step.count = ck_least(w->tile_block, w->tile_count - step.first);
        ck_parallel(w->parts, run_difference, c);
        for (step.channel = 0; step.channel < w->in_blocks; step.channel += step.blocks) {
            step.blocks = ck_least(w->channel_block, w->in_blocks - step.channel);
            ck_parallel(w->parts, run_input, c);
            ck_parallel(w->parts, run_fused_gradient, c);
        }
    }
    ck_parallel(w->parts, run_unpacking, c);
}

void ck_conv_transform_weights(const ck_conv_plan *plan, const float *weights, float *transformed,
                               int for_backward_data) {
    if (plan->is_direct && !for_backward_data) {
        ck_direct_pack(plan, weights, transformed);
        return;
    }
    const ck_weight_map forward = {plan->out_offset, plan->in_offset}, data = {plan->in_offset, plan->out_offset};
    call c = {.plan = plan, .weights = weights, .transformed = transformed};
    c.w = for_backward_data ? &plan->data : &plan->forward;
    c.map = for_backward_data ? &data : &forward;
    ck_parallel(plan->threads, c.w->fused ? run_packing : run_transform, &c);
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
    call c = {.plan = plan, .w = w, .pieces = &p, .weights = transformed, .results = &results};
    list_parities(plan, plan->is_direct ? &plan->natural : w, destination, p.out);
    for (int i = 0; i < w->out_blocks && epilogue->accumulate; i++) p.out[i].accumulate = 1, p.out[i].stream = 0;
    if (plan->is_direct) {
        ck_direct_run_forward(plan, sources, prologue, transformed, p.out, &results, arena);
    } else {
        list_sources(plan, w, sources, prologue, &p);
        run_pass(&c);
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
    call c = {.plan = plan, .w = w, .pieces = &p, .weights = transformed, .results = &results};
    list_parities(plan, w, diff_destination, p.in);
    int index = 0;
    for (int segment = 0; segment < plan->shape.segments; segment++) {
        list_blocks(w, diff_sources + segment, accumulate ? accumulate[segment] : 0, p.out + index);
        index += ck_blocks_of(plan->shape.segment_channels[segment], w->width);
    }
    run_pass(&c);
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
    call c = {.plan = plan,
              .w = w,
              .pieces = &p,
              .map = &map,
              .diff_weights = diff_weights,
              .diff_bias = diff_bias ? p.sums : 0};
    list_sources(plan, w, sources, prologue, &p);
    run_weights_pass(&c);
    if (!diff_bias) return;
    int channels = plan->out_blocks * w->width;
    for (int i = 0; i < plan->shape.out_channels; i++) {
        double sum = 0;
        for (int part = 0; part < w->parts; part++) sum += p.sums[(size_t)part * channels + i];
        diff_bias[i] = (float)sum;
    }
}
