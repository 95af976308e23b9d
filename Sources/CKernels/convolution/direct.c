#include <string.h>

#include "ck_parallel.h"
#include "convolution_plan.h"

void ck_direct_choose(ck_direct *d, const ck_conv_plan *plan) {
    const ck_conv_shape *s = &plan->shape;
    const int source[3] = {s->depth, s->height, s->width};
    d->width = plan->kernels->width;
    d->channels = plan->in_channels;
    d->out_blocks = plan->out_blocks;
    d->kernel_depth = s->kernel_depth;
    d->padding = s->padding;
    d->parts = plan->threads;
    for (int axis = 0; axis < 3; axis++) {
        d->source[axis] = source[axis];
        d->result[axis] = plan->result[axis];
        d->padded[axis] = source[axis] + (axis == 0 && s->kernel_depth == 1 ? 0 : 2 * s->padding);
    }
    d->row = (d->padded[2] + 15) / 16 * 16;
    d->plane = d->row * d->padded[1];
    d->channel = d->plane * d->padded[0];
    d->copy_floats = (size_t)d->channel * d->channels;
    d->part_floats = (size_t)(9 * d->kernel_depth * d->channels + 1) * d->out_blocks * d->width;
}

size_t ck_direct_packed_floats(const ck_conv_plan *plan) {
    return (size_t)9 * plan->direct.kernel_depth * plan->direct.channels * plan->direct.out_blocks * plan->direct.width;
}

void ck_direct_pack(const ck_conv_plan *plan, const float *weights, float *packed) {
    const ck_direct *d = &plan->direct;
    int taps = 9 * d->kernel_depth * d->channels;
    for (int block = 0; block < d->out_blocks; block++) {
        int vectors = ck_least(2, d->out_blocks - block / 2 * 2);
        float *panel = packed + (ptrdiff_t)(block / 2 * 2) * taps * d->width;
        for (int tap = 0; tap < taps; tap++) {
            for (int lane = 0; lane < d->width; lane++) {
                int out = block * d->width + lane;
                panel[(tap * vectors + block % 2) * d->width + lane] = out < plan->shape.out_channels
                                                                           ? weights[out * taps + tap]
                                                                           : 0;
            }
        }
    }
}

typedef struct {
    const ck_conv_plan *plan;
    const ck_view *source;
    const float *scale, *shift, *packed;
    const ck_block *blocks;
    const ck_results *results;
    float *copy, *gradient;
} call;

// A plane of the plain copy, zero in the padding, through the prologue.
static void copy_plane(void *context, int item) {
    const call *c = context;
    const ck_direct *d = &c->plan->direct;
    const ck_view *v = c->source;
    int pad_z = d->kernel_depth == 1 ? 0 : d->padding, pad = d->padding, step = c->plan->shape.plain ? 1 : d->width;
    int channel = item / d->padded[0], z = item % d->padded[0] - pad_z;
    float *plane = c->copy + (ptrdiff_t)item * d->plane;
    memset(plane, 0, d->plane * sizeof *plane);
    if (z < 0 || z >= d->source[0]) return;
    float scale = c->scale ? c->scale[channel] : 1, shift = c->scale ? c->shift[channel] : 0;
    for (int y = 0; y < d->source[1]; y++) {
        const float *from = v->data + (step == 1 ? channel * v->block_stride : channel) + z * v->plane_stride +
                            y * v->row_stride;
        float *to = plane + (y + pad) * d->row + pad;
        for (int x = 0; x < d->source[2]; x++) {
            float value = from[x * step];
            if (c->scale) {
                value = value * scale + shift;
                if (value < 0) value = 0;
            }
            to[x] = value;
        }
    }
}

static void run_copy(call *c) {
    const ck_direct *d = &c->plan->direct;
    ck_parallel_parts(c->plan->threads, d->channels * d->padded[0], copy_plane, c);
}

static void run_forward(void *context, int part) {
    const call *c = context;
    c->plan->kernels->direct_forward(&c->plan->direct, c->copy, c->packed, c->blocks, c->results, part);
}

static void run_backward_weights(void *context, int part) {
    const call *c = context;
    c->plan->kernels->direct_backward_weights(&c->plan->direct, c->copy, c->blocks, c->gradient, part);
}

static call prepare(const ck_conv_plan *plan, const ck_view *source, const ck_conv_prologue *prologue,
                    const ck_block *blocks, ck_arena *arena) {
    call c = {.plan = plan, .source = source, .blocks = blocks};
    if (prologue && prologue->scale[0]) c.scale = prologue->scale[0], c.shift = prologue->shift[0];
    c.copy = ck_take(arena, sizeof(float) * plan->direct.copy_floats);
    c.gradient = ck_take(arena, sizeof(float) * plan->direct.part_floats * plan->direct.parts);
    return c;
}

size_t ck_direct_workspace(const ck_conv_plan *plan) {
    ck_arena arena = {0};
    prepare(plan, 0, 0, 0, &arena);
    return arena.used;
}

void ck_direct_run_forward(const ck_conv_plan *plan, const ck_view *source, const ck_conv_prologue *prologue,
                           const float *packed, const ck_block *out, const ck_results *results, ck_arena arena) {
    call c = prepare(plan, source, prologue, out, &arena);
    c.packed = packed;
    c.results = results;
    run_copy(&c);
    ck_parallel_parts(plan->threads, plan->direct.parts, run_forward, &c);
}

void ck_direct_run_backward_weights(const ck_conv_plan *plan, const ck_view *source, const ck_conv_prologue *prologue,
                                    const ck_block *diff, float *diff_weights, float *diff_bias, ck_arena arena) {
    call c = prepare(plan, source, prologue, diff, &arena);
    const ck_direct *d = &plan->direct;
    run_copy(&c);
    ck_parallel_parts(plan->threads, plan->direct.parts, run_backward_weights, &c);
    int taps = 9 * d->kernel_depth * d->channels, all = d->out_blocks * d->width;
    for (int out = 0; out < plan->shape.out_channels; out++) {
        for (int tap = 0; tap <= taps; tap++) {
            double sum = 0;
            for (int part = 0; part < d->parts; part++)
                sum += c.gradient[part * d->part_floats + (size_t)tap * all + out];
            if (tap < taps) {
                diff_weights[out * taps + tap] = (float)sum;
            } else if (diff_bias) {
                diff_bias[out] = (float)sum;
            }
        }
    }
}
