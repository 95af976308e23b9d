#include "convolution_plan.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ck_parallel.h"

ck_isa ck_isa_resolve(ck_isa isa) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq");
    int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if ((isa == ck_isa_automatic || isa == ck_isa_avx512) && avx512) return ck_isa_avx512;
    if (isa != ck_isa_portable && avx2) return ck_isa_avx2;
#endif
    (void)isa;
    return ck_isa_portable;
}

static const ck_kernels *kernels_of(ck_isa isa) {
    switch (ck_isa_resolve(isa)) {
#if defined(__x86_64__)
    case ck_isa_avx512: return &ck_kernels_avx512;
    case ck_isa_avx2: return &ck_kernels_avx2;
#endif
    default: return &ck_kernels_portable;
    }
}

int ck_isa_block(ck_isa isa) { return kernels_of(isa)->width; }

static int blocks_of(int channels, int width) { return (channels + width - 1) / width; }

static int is_supported(const ck_conv_shape *s, const ck_conv_options *o) {
    if (s->segments < 1 || s->segments > 2 || s->out_channels < 1) return 0;
    for (int i = 0; i < s->segments; i++) {
        if (s->segment_channels[i] < 1) return 0;
    }
    if ((s->kernel_depth != 1 && s->kernel_depth != 3) || s->padding < 0 || s->padding > 1) return 0;
    int lost = 2 - 2 * s->padding;
    if (s->height <= lost || s->width <= lost || s->depth <= (s->kernel_depth == 3 ? lost : 0)) return 0;
    for (int i = 0; i < 3; i++) {
        int none = i == 0 && s->kernel_depth == 1 && o->tile[i] == 1;
        if (o->tile[i] && o->tile[i] != 2 && o->tile[i] != 4 && !none) return 0;
    }
    int direct = s->segments == 1 && s->segment_channels[0] <= 4;
    if (o->algorithm == ck_algorithm_direct && !direct) return 0;
    return !s->plain || (direct && o->algorithm != ck_algorithm_winograd);
}

static int fill_offsets(ck_conv_plan *plan) {
    int width = plan->kernels->width, taps = 9 * plan->shape.kernel_depth, index = 0;
    plan->in_offset = malloc(sizeof(ptrdiff_t) * plan->in_blocks * width);
    plan->out_offset = malloc(sizeof(ptrdiff_t) * plan->out_blocks * width);
    if (!plan->in_offset || !plan->out_offset) return 0;
    ptrdiff_t channel = 0;
    for (int segment = 0; segment < plan->shape.segments; segment++) {
        int real = plan->shape.segment_channels[segment];
        for (int i = 0; i < blocks_of(real, width) * width; i++) plan->in_offset[index++] = i < real ? taps * channel++ : -1;
    }
    for (int i = 0; i < plan->out_blocks * width; i++) {
        plan->out_offset[i] = i < plan->shape.out_channels ? (ptrdiff_t)i * taps * plan->in_channels : -1;
    }
    return 1;
}

static void fill_pass(ck_winograd *w, const ck_conv_plan *plan, const ck_conv_options *options, int reversed, int for_weights) {
    const ck_conv_shape *s = &plan->shape;
    const int source[3] = {s->depth, s->height, s->width}, kernel[3] = {s->kernel_depth, 3, 3};
    memset(w, 0, sizeof *w);
    w->reversed = reversed;
    w->in_blocks = reversed ? plan->out_blocks : plan->in_blocks;
    w->out_blocks = reversed ? plan->in_blocks : plan->out_blocks;
    for (int i = 0; i < 3; i++) {
        w->kernel[i] = kernel[i];
        w->pad[i] = kernel[i] == 1 ? 0 : reversed ? 2 - s->padding : s->padding;
        w->source[i] = reversed ? plan->result[i] : source[i];
        w->result[i] = reversed ? source[i] : plan->result[i];
    }
    ck_winograd_choose(w, plan->kernels, options, plan->threads, for_weights);
}

// The pieces of the workspace that come before the parts' own.
typedef struct {
    ck_block *in, *out;
    float *bias, *affine, *gradient, *work, *shared;
    double *sums;
} pieces;

static pieces cut(const ck_conv_plan *plan, const ck_winograd *w, int for_weights, ck_arena *arena) {
    int width = plan->kernels->width, in = w->in_blocks, out = w->out_blocks;
    pieces p = {0};
    p.in = ck_take(arena, sizeof(ck_block) * in);
    p.out = ck_take(arena, sizeof(ck_block) * out);
    p.bias = ck_take(arena, sizeof(float) * out * width);
    p.affine = ck_take(arena, sizeof(float) * 2 * in * width);
    p.sums = ck_take(arena, sizeof(double) * 2 * out * width * w->parts);
    if (for_weights) {
        size_t floats = w->fused ? ck_packed_floats(w) : ck_transformed_floats(w);
        p.gradient = ck_take(arena, sizeof(float) * floats * w->copies);
    }
    arena->used = (arena->used + 4095) / 4096 * 4096;
    p.work = ck_take(arena, sizeof(float) * w->part_floats * w->parts);
    p.shared = ck_take(arena, sizeof(float) * w->shared_floats * w->copies);
    return p;
}

ck_conv_plan *ck_conv_plan_create(const ck_conv_shape *shape, const ck_conv_options *options) {
    if (!is_supported(shape, options)) return 0;
    ck_conv_plan *plan = calloc(1, sizeof *plan);
    if (!plan) return 0;
    plan->shape = *shape;
    plan->kernels = kernels_of(options->isa);
    plan->threads = options->threads > 0 ? options->threads : ck_parallel_width();
    int width = plan->kernels->width;
    for (int i = 0; i < shape->segments; i++) {
        plan->in_channels += shape->segment_channels[i];
        plan->in_blocks += blocks_of(shape->segment_channels[i], width);
    }
    plan->out_blocks = blocks_of(shape->out_channels, width);
    int lost = 2 - 2 * shape->padding;
    plan->result[0] = shape->depth - (shape->kernel_depth == 3 ? lost : 0);
    plan->result[1] = shape->height - lost;
    plan->result[2] = shape->width - lost;
    int direct = shape->segments == 1 && shape->segment_channels[0] <= 4;
    plan->is_direct = direct && options->algorithm != ck_algorithm_winograd;
    fill_pass(&plan->forward, plan, options, 0, 0);
    fill_pass(&plan->data, plan, options, 1, 0);
    fill_pass(&plan->weights, plan, options, 0, 1);
    if (plan->is_direct) ck_direct_choose(&plan->direct, plan);
    plan->natural = (ck_winograd){.width = width, .axis = {0, 1, 2}};
    if (!fill_offsets(plan)) {
        ck_conv_plan_destroy(plan);
        return 0;
    }
    ck_arena forward = {0}, data = {0}, weights = {0};
    // A direct pass needs no room for parts.
    if (plan->is_direct) {
        plan->forward.part_floats = plan->weights.part_floats = 0;
        plan->forward.shared_floats = plan->weights.shared_floats = 0;
    }
    cut(plan, &plan->forward, 0, &forward);
    cut(plan, &plan->data, 0, &data);
    cut(plan, &plan->weights, !plan->is_direct, &weights);
    size_t most = forward.used > weights.used ? forward.used : weights.used;
    if (plan->is_direct) most += ck_direct_workspace(plan);
    plan->workspace = (most > data.used ? most : data.used) + 4096;
    const int *axis = plan->forward.axis, *tile = plan->forward.tile;
    int named[3];
    for (int i = 0; i < 3; i++) named[axis[i]] = tile[i];
    if (plan->is_direct) {
        snprintf(plan->description, sizeof plan->description, "direct");
    } else {
        snprintf(plan->description, sizeof plan->description, "winograd %d×%d×%d%s", named[0], named[1], named[2],
                 plan->forward.fused ? " fused" : "");
    }
    return plan;
}

void ck_conv_plan_destroy(ck_conv_plan *plan) {
    if (!plan) return;
    free(plan->in_offset);
    free(plan->out_offset);
    free(plan);
}

int ck_conv_block(const ck_conv_plan *plan) { return plan->kernels->width; }
size_t ck_conv_workspace_bytes(const ck_conv_plan *plan) { return plan->workspace; }
const char *ck_conv_describe(const ck_conv_plan *plan) { return plan->description; }

size_t ck_conv_weights_bytes(const ck_conv_plan *plan, int for_backward_data) {
    if (plan->is_direct && !for_backward_data) return sizeof(float) * ck_direct_packed_floats(plan);
    const ck_winograd *w = for_backward_data ? &plan->data : &plan->forward;
    return sizeof(float) * (w->fused ? ck_packed_floats(w) : ck_transformed_floats(w));
}

// Half of a usual shared cache: a larger destination would have left it before it is read again.
static const double streamed_bytes = 16e6;

// Describes a view's blocks in the axis order of a pass.
static void list_blocks(const ck_winograd *w, const ck_view *view, int accumulate, ck_block *blocks) {
    const ptrdiff_t stride[3] = {view->plane_stride, view->row_stride, w->width};
    int large = 4.0 * view->channels * view->depth * view->height * view->width >= streamed_bytes;
    size_t line = sizeof(float) * w->width;
    for (int i = 0; i < blocks_of(view->channels, w->width); i++) {
        ck_block block = {.data = view->data ? view->data + i * view->block_stride : 0, .accumulate = accumulate};
        for (int axis = 0; axis < 3; axis++) block.stride[axis] = stride[w->axis[axis]];
        size_t offsets = (size_t)(view->plane_stride | view->row_stride) * sizeof(float);
        block.stream = large && !accumulate && ((uintptr_t)block.data | offsets) % line == 0;
        blocks[i] = block;
    }
}

static void list_sources(const ck_conv_plan *plan, const ck_winograd *w, const ck_view *sources, const ck_conv_prologue *prologue,
                         pieces *p) {
    int index = 0, width = w->width;
    float *affine = p->affine;
    for (int segment = 0; segment < plan->shape.segments; segment++) {
        int blocks = blocks_of(sources[segment].channels, width), real = sources[segment].channels;
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
    const pieces *pieces;
    const ck_weight_map *map;
    const ck_results *results;
    const ck_step *step;
    const float *weights;
    float *transformed, *diff_weights, *accumulated;
    double *diff_bias;
} call;

// Each body runs one kernel for the parts of a thread.
#define CK_BODY(name, kernel)                                                 \
    static void name(void *context, int thread, int threads) {                \
        const call *c = context;                                              \
        const ck_kernels *k = c->plan->kernels;                               \
        for (int part = thread; part < c->w->parts; part += threads) {        \
            kernel;                                                           \
        }                                                                     \
    }

CK_BODY(run_transform, k->transform_weights(c->w, c->map, c->weights, c->transformed, part))
CK_BODY(run_packing, k->pack_weights(c->w, c->map, c->weights, c->transformed, part))
CK_BODY(run_unpacking, k->unpack_gradient(c->w, c->map, c->pieces->gradient, c->diff_weights, part))
CK_BODY(run_reduction, k->reduce_gradient(c->w, c->map, c->pieces->gradient, c->diff_weights, part))
CK_BODY(run_forward, k->forward(c->w, c->pieces->in, c->pieces->out, c->weights, c->results, c->pieces->work + part * c->w->part_floats,
                                part))
CK_BODY(run_gradient, k->backward_weights(c->w, c->pieces->in, c->pieces->out, c->pieces->gradient, c->diff_bias,
                                          c->pieces->work + part * c->w->part_floats, part))
CK_BODY(run_input, k->fused_input(c->w, c->pieces->in, c->step, part))
CK_BODY(run_difference, k->fused_difference(c->w, c->pieces->out, c->step, c->diff_bias, part))
CK_BODY(run_products, k->fused_products(c->w, c->pieces->out, c->weights, c->results, c->step, c->accumulated,
                                        c->pieces->work + part * c->w->part_floats, part))
CK_BODY(run_fused_gradient, k->fused_gradient(c->w, c->step, c->pieces->gradient, c->pieces->work + part * c->w->part_floats, part))

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
    const pieces *p = c->pieces;
    ck_winograd w = *c->w;
    int end = ck_share(w.tile_count, part + 1, w.parts);
    ck_step step = {.v = p->shared + part * w.shared_floats, .first = ck_share(w.tile_count, part, w.parts), .fresh = 1};
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

void ck_conv_transform_weights(const ck_conv_plan *plan, const float *weights, float *transformed, int for_backward_data) {
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

void ck_conv_forward(const ck_conv_plan *plan, const ck_view *sources, const ck_conv_prologue *prologue, const float *transformed,
                     const ck_conv_epilogue *epilogue, const ck_view *destination, void *workspace) {
    const ck_winograd *w = &plan->forward;
    const ck_conv_epilogue none = {0};
    if (!epilogue) epilogue = &none;
    ck_arena arena = {workspace, 0};
    pieces p = cut(plan, w, 0, &arena);
    int channels = plan->out_blocks * w->width, real = plan->shape.out_channels;
    ck_results results = {.relu = epilogue->relu, .sums = epilogue->sums ? p.sums : 0};
    if (epilogue->bias) {
        for (int i = 0; i < channels; i++) p.bias[i] = i < real ? epilogue->bias[i] : 0;
        results.bias = p.bias;
    }
    call c = {.plan = plan, .w = w, .pieces = &p, .weights = transformed, .results = &results};
    list_blocks(plan->is_direct ? &plan->natural : w, destination, 0, p.out);
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
    pieces p = cut(plan, w, 0, &arena);
    const ck_results results = {0};
    call c = {.plan = plan, .w = w, .pieces = &p, .weights = transformed, .results = &results};
    list_blocks(w, diff_destination, 0, p.in);
    int index = 0;
    for (int segment = 0; segment < plan->shape.segments; segment++) {
        list_blocks(w, diff_sources + segment, accumulate ? accumulate[segment] : 0, p.out + index);
        index += blocks_of(plan->shape.segment_channels[segment], w->width);
    }
    run_pass(&c);
}

void ck_conv_backward_weights(const ck_conv_plan *plan, const ck_view *sources, const ck_conv_prologue *prologue,
                              const ck_view *diff_destination, float *diff_weights, float *diff_bias, void *workspace) {
    const ck_winograd *w = &plan->weights;
    ck_arena arena = {workspace, 0};
    pieces p = cut(plan, w, !plan->is_direct, &arena);
    list_blocks(plan->is_direct ? &plan->natural : w, diff_destination, 0, p.out);
    if (plan->is_direct) {
        ck_direct_run_backward_weights(plan, sources, prologue, p.out, diff_weights, diff_bias, arena);
        return;
    }
    const ck_weight_map map = {plan->out_offset, plan->in_offset};
    call c = {.plan = plan, .w = w, .pieces = &p, .map = &map, .diff_weights = diff_weights, .diff_bias = diff_bias ? p.sums : 0};
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
