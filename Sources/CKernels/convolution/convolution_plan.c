#include "convolution_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../support/dispatch.h"
#include "ck_parallel.h"

static int may_be_direct(const ck_conv_shape *s) {
    return s->segments == 1 && s->segment_channels[0] <= 4 && !s->window_depth && !s->weight_inputs;
}

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
    if (s->window_depth && (s->window_depth > 2 || s->segments != 1 || s->padding != 1 || s->plain)) return 0;
    if (s->window_depth == 2 && s->kernel_depth != 3) return 0;
    int direct = may_be_direct(s);
    if (o->algorithm == ck_algorithm_direct && !direct) return 0;
    return !s->plain || (direct && o->algorithm != ck_algorithm_winograd);
}

static int fill_offsets(ck_conv_plan *plan) {
    int width = plan->kernels->width, taps = 9 * plan->shape.kernel_depth, index = 0;
    int row = plan->shape.weight_inputs ? plan->shape.weight_inputs : plan->in_channels;
    int blocks = plan->out_blocks / plan->parities, out = plan->shape.out_channels;
    plan->in_offset = malloc(sizeof(ptrdiff_t) * plan->in_blocks * width);
    plan->out_offset = malloc(sizeof(ptrdiff_t) * plan->out_blocks * width);
    if (!plan->in_offset || !plan->out_offset) return 0;
    ptrdiff_t channel = 0;
    for (int segment = 0; segment < plan->shape.segments; segment++) {
        int real = plan->shape.segment_channels[segment];
        for (int i = 0; i < ck_blocks_of(real, width) * width; i++)
            plan->in_offset[index++] = i < real ? taps * channel++ : -1;
    }
    for (int i = 0; i < plan->out_blocks * width; i++) {
        int parity = i / (blocks * width), channel = i % (blocks * width);
        plan->out_offset[i] = channel < out ? (ptrdiff_t)(parity * out + channel) * taps * row : -1;
    }
    return 1;
}

static void fill_pass(ck_winograd *w, const ck_conv_plan *plan, const ck_conv_options *options, int reversed,
                      int for_weights) {
    const ck_conv_shape *s = &plan->shape;
    const int source[3] = {s->depth, s->height, s->width}, kernel[3] = {s->kernel_depth, 3, 3};
    memset(w, 0, sizeof *w);
    const int doubled[3] = {s->window_depth == 2, s->window_depth > 0, s->window_depth > 0};
    w->reversed = reversed;
    w->parities = plan->parities;
    w->parity_blocks = plan->out_blocks / plan->parities;
    w->in_blocks = reversed ? plan->out_blocks : plan->in_blocks;
    w->out_blocks = reversed ? plan->in_blocks : plan->out_blocks;
    for (int i = 0; i < 3; i++) {
        w->kernel[i] = kernel[i];
        w->pad[i] = kernel[i] == 1 ? 0 : reversed ? 2 - s->padding : s->padding;
        w->source[i] = reversed ? plan->result[i] : source[i];
        w->result[i] = reversed ? source[i] : plan->result[i];
    }
    ck_winograd_choose(w, plan->kernels, options, doubled, plan->threads, for_weights);
}

ck_pieces ck_cut(const ck_conv_plan *plan, const ck_winograd *w, int for_weights, ck_arena *arena) {
    int width = plan->kernels->width, in = w->in_blocks, out = w->out_blocks;
    ck_pieces p = {0};
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
    plan->kernels = ck_conv_kernels_for(options->isa);
    plan->threads = options->threads > 0 ? options->threads : ck_parallel_width();
    int width = plan->kernels->width;
    for (int i = 0; i < shape->segments; i++) {
        plan->in_channels += shape->segment_channels[i];
        plan->in_blocks += ck_blocks_of(shape->segment_channels[i], width);
    }
    plan->parities = shape->window_depth ? 4 * shape->window_depth : 1;
    plan->out_blocks = ck_blocks_of(shape->out_channels, width) * plan->parities;
    int lost = 2 - 2 * shape->padding;
    plan->result[0] = shape->depth - (shape->kernel_depth == 3 ? lost : 0);
    plan->result[1] = shape->height - lost;
    plan->result[2] = shape->width - lost;
    plan->is_direct = may_be_direct(shape) && options->algorithm != ck_algorithm_winograd;
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
    ck_cut(plan, &plan->forward, 0, &forward);
    ck_cut(plan, &plan->data, 0, &data);
    ck_cut(plan, &plan->weights, !plan->is_direct, &weights);
    size_t copy = plan->is_direct ? ck_direct_workspace(plan) : 0;
    plan->workspace[ck_pass_forward] = forward.used + copy + 4096;
    plan->workspace[ck_pass_backward_data] = data.used + 4096;
    plan->workspace[ck_pass_backward_weights] = weights.used + copy + 4096;
    const int *axis = plan->forward.axis, *tile = plan->forward.tile;
    int named[3];
    for (int i = 0; i < 3; i++) named[axis[i]] = tile[i];
    if (plan->is_direct) {
        snprintf(plan->description, sizeof plan->description, "direct");
    } else {
        snprintf(plan->description, sizeof plan->description, "winograd %d×%d×%d%s", named[0], named[1], named[2],
                 plan->forward.fused ? " fused" : "");
        if (shape->window_depth) strcat(plan->description, ", merged");
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
size_t ck_conv_workspace_bytes(const ck_conv_plan *plan, ck_pass pass) { return plan->workspace[pass]; }
const char *ck_conv_describe(const ck_conv_plan *plan) { return plan->description; }

size_t ck_conv_weights_bytes(const ck_conv_plan *plan, int for_backward_data) {
    if (plan->is_direct && !for_backward_data) return sizeof(float) * ck_direct_packed_floats(plan);
    const ck_winograd *w = for_backward_data ? &plan->data : &plan->forward;
    return sizeof(float) * (w->fused ? ck_packed_floats(w) : ck_transformed_floats(w));
}
