#include "winograd.h"

#include "ck_parallel.h"

// A part's own room.
static float *work_of(const ck_winograd_call *c, int part) { return c->pieces->work + part * c->w->part_floats; }

// Each body runs one kernel for one part.
#define CK_BODY(name, kernel)                         \
    static void run_##name(void *context, int part) { \
        const ck_winograd_call *c = context;          \
        const ck_conv_kernels *k = c->plan->kernels;  \
        kernel;                                       \
    }

CK_BODY(transform, k->transform_weights(c->w, c->map, c->weights, c->transformed, part))
CK_BODY(packing, k->pack_weights(c->w, c->map, c->weights, c->transformed, part))
CK_BODY(unpacking, k->unpack_gradient(c->w, c->map, c->pieces->gradient, c->diff_weights, part))
CK_BODY(reduction, k->reduce_gradient(c->w, c->map, c->pieces->gradient, c->diff_weights, part))
CK_BODY(forward, k->forward(c->w, c->pieces->in, c->pieces->out, c->weights, c->results, work_of(c, part), part))
CK_BODY(gradient, k->backward_weights(c->w, c->pieces->in, c->pieces->out, c->pieces->gradient, c->diff_bias,
                                      work_of(c, part), part))
CK_BODY(input, k->fused_input(c->w, c->pieces->in, c->step, part))
CK_BODY(difference, k->fused_difference(c->w, c->pieces->out, c->step, c->diff_bias, part))
CK_BODY(products, k->fused_products(c->w, c->pieces->out, c->weights, c->results, c->step, c->accumulated,
                                    work_of(c, part), part))
CK_BODY(fused_gradient, k->fused_gradient(c->w, c->step, c->pieces->gradient, work_of(c, part), part))

// Runs a body for all parts of the pass.
static void run(ck_winograd_call *c, void (*body)(void *context, int part)) {
    ck_parallel_parts(c->plan->threads, c->w->parts, body, c);
}

// The pass from sources to destination: the forward pass, or backward data.
void ck_winograd_run(ck_winograd_call *c) {
    const ck_winograd *w = c->w;
    if (!w->fused) {
        run(c, run_forward);
        return;
    }
    ck_step step = {.v = c->pieces->shared, .fresh = 1};
    if (w->channel_block < w->in_blocks) c->accumulated = step.v + w->points * ck_tile_stride(w, w->channel_block);
    c->step = &step;
    for (; step.first < w->tile_count; step.first += step.count, step.fresh = 0) {
        step.count = ck_least(w->tile_block, w->tile_count - step.first);
        for (step.channel = 0; step.channel < w->in_blocks; step.channel += step.blocks) {
            step.blocks = ck_least(w->channel_block, w->in_blocks - step.channel);
            run(c, run_input);
            run(c, run_products);
        }
    }
}

// The whole pass over one part's tiles, all by itself.
static void backward_weights_alone(const ck_winograd_call *c, int part) {
    const ck_conv_kernels *k = c->plan->kernels;
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

static void run_gradient_alone(void *context, int part) { backward_weights_alone(context, part); }

void ck_winograd_run_backward_weights(ck_winograd_call *c) {
    const ck_winograd *w = c->w;
    if (!w->fused) {
        run(c, run_gradient);
        run(c, run_reduction);
        return;
    }
    if (w->copies > 1) {
        run(c, run_gradient_alone);
        run(c, run_unpacking);
        return;
    }
    ck_step step = {.v = c->pieces->shared, .fresh = 1};
    step.d = step.v + w->points * ck_tile_stride(w, w->channel_block);
    c->step = &step;
    for (; step.first < w->tile_count; step.first += step.count, step.fresh = 0) {
        step.count = ck_least(w->tile_block, w->tile_count - step.first);
        run(c, run_difference);
        for (step.channel = 0; step.channel < w->in_blocks; step.channel += step.blocks) {
            step.blocks = ck_least(w->channel_block, w->in_blocks - step.channel);
            run(c, run_input);
            run(c, run_fused_gradient);
        }
    }
    run(c, run_unpacking);
}

void ck_winograd_transform_weights(ck_winograd_call *c) { run(c, c->w->fused ? run_packing : run_transform); }
