#ifndef CK_WINOGRAD_PASSES_H
#define CK_WINOGRAD_PASSES_H

#include "winograd_multiply.h"
#include "winograd_tiles.h"

// The passes of one part when the weights are transformed beforehand.

static void forward(const ck_winograd *w, const ck_block *in, const ck_block *out, const float *transformed,
                    const ck_results *results, float *work, int part) {
    int from = ck_share(w->tile_count, part, w->parts), end = ck_share(w->tile_count, part + 1, w->parts);
    int steps = (end - from + w->tile_block - 1) / w->tile_block, panels = (w->out_blocks + 1) / 2;
    int once = w->channel_block >= w->in_blocks;
    ptrdiff_t channel_stride = (ptrdiff_t)w->tile_block * CK_WIDTH;
    ptrdiff_t v_stride = ck_tile_stride(w, w->channel_block), m_stride = ck_tile_stride(w, 2);
    float *v = work, *m = v + w->points * v_stride;
    double *sums = 0;
    if (results->sums) {
        sums = results->sums + (ptrdiff_t)part * 2 * w->out_blocks * CK_WIDTH;
        for (int i = 0; i < 2 * w->out_blocks * CK_WIDTH; i++) sums[i] = 0;
    }
    run_of_tiles run;
    for (int step = 0; step < steps; step++) {
        int first = from + ck_share(end - from, step, steps),
            count = from + ck_share(end - from, step + 1, steps) - first;
        for (int channel = 0; channel < w->in_blocks; channel += w->channel_block) {
            int blocks = ck_least(w->channel_block, w->in_blocks - channel);
            for (int block = 0; block < blocks; block++) {
                for (int at = 0; at < count; at += run.count) {
                    next_run(w, first + at, count - at, &run);
                    input_functions[w->combination](w, in + channel + block, &run,
                                                    v + block * channel_stride + at * CK_WIDTH, v_stride);
                }
            }
            for (int panel = 0; panel < panels; panel++) {
                int vectors = ck_least(2, w->out_blocks - 2 * panel);
                int wanted = out[2 * panel].data || (vectors == 2 && out[2 * panel + 1].data);
                if (!wanted) continue;
                float *products = m + (once ? 0 : panel * w->points * m_stride);
                const float *u = transformed + ck_panel_offset(w, panel) + channel * CK_WIDTH * vectors * CK_WIDTH;
                ptrdiff_t u_stride = ck_point_stride(w, vectors);
                for (int point = 0; point < w->points; point++) {
                    multiply_used(w, point, count, vectors, v + point * v_stride, channel_stride, channel,
                                  ck_panel_uses(w, panel, point) ? blocks : 0, u + point * u_stride,
                                  products + point * m_stride, channel_stride, channel > 0);
                }
                if (channel + blocks < w->in_blocks) continue;
                for (int n = 0; n < vectors; n++) {
                    int block = 2 * panel + n;
                    if (!out[block].data) continue;
                    for (int at = 0; at < count; at += run.count) {
                        next_run(w, first + at, count - at, &run);
                        output_functions[w->combination](
                            w, out + block, &run, products + n * channel_stride + at * CK_WIDTH, m_stride,
                            results->bias ? results->bias + block * CK_WIDTH : 0, results->relu,
                            sums ? sums + block * CK_WIDTH : 0, sums ? sums + (w->out_blocks + block) * CK_WIDTH : 0);
                    }
                }
            }
        }
    }
}

// Adds dM at the point (1, 1, 1), where every axis sums its tile, up into the bias' gradient.
static void add_bias(const ck_winograd *w, const float *d, ptrdiff_t d_stride, ptrdiff_t channel_stride, int blocks,
                     int count, double *diff_bias) {
    int point = 0;
    for (int i = 0; i < 3; i++) point = point * w->extent[i] + (w->extent[i] > 1);
    for (int block = 0; block < blocks; block++) {
        const float *p = d + point * d_stride + block * channel_stride;
        vec sum = {};
        for (int tile = 0; tile < count; tile++) sum += load(p + tile * CK_WIDTH);
        add_to(diff_bias + block * CK_WIDTH, sum);
    }
}

static void backward_weights(const ck_winograd *w, const ck_block *in, const ck_block *diff, float *gradient,
                             double *diff_bias, float *work, int part) {
    int tile_parts = w->parts / w->channel_parts, tile_part = part / w->channel_parts,
        channel_part = part % w->channel_parts;
    int panels = (w->out_blocks + 1) / 2;
    int in_from = 0, in_end = w->in_blocks, panel_from = 0, panel_end = panels;
    if (w->split_in) {
        in_from = ck_share(w->in_blocks, channel_part, w->channel_parts);
        in_end = ck_share(w->in_blocks, channel_part + 1, w->channel_parts);
    } else {
        panel_from = ck_share(panels, channel_part, w->channel_parts);
        panel_end = ck_share(panels, channel_part + 1, w->channel_parts);
    }
    int out_from = 2 * panel_from, out_end = ck_least(2 * panel_end, w->out_blocks), outs = out_end - out_from;
    if (diff_bias) {
        diff_bias += (ptrdiff_t)part * w->out_blocks * CK_WIDTH;
        for (int i = 0; i < w->out_blocks * CK_WIDTH; i++) diff_bias[i] = 0;
    }
    gradient += tile_part * ck_transformed_floats(w);
    int from = ck_share(w->tile_count, tile_part, tile_parts), end = ck_share(w->tile_count, tile_part + 1, tile_parts);
    int steps = ck_most(1, (end - from + w->tile_block - 1) / w->tile_block);
    ptrdiff_t channel_stride = (ptrdiff_t)w->tile_block * CK_WIDTH;
    ptrdiff_t v_stride = ck_tile_stride(w, w->channel_block), d_stride = ck_tile_stride(w, w->out_blocks);
    float *v = work, *d = v + w->points * v_stride;
    run_of_tiles run;
    for (int step = 0; step < steps; step++) {
        int first = from + ck_share(end - from, step, steps),
            count = from + ck_share(end - from, step + 1, steps) - first;
        for (int block = 0; block < outs; block++) {
            for (int at = 0; at < count; at += run.count) {
                next_run(w, first + at, count - at, &run);
                difference_functions[w->combination](w, diff + out_from + block, &run,
                                                     d + block * channel_stride + at * CK_WIDTH, d_stride);
            }
        }
        if (diff_bias && (!w->split_in || channel_part == 0))
            add_bias(w, d, d_stride, channel_stride, outs, count, diff_bias + out_from * CK_WIDTH);
        for (int channel = in_from; channel < in_end; channel += w->channel_block) {
            int blocks = ck_least(w->channel_block, in_end - channel);
            for (int block = 0; block < blocks; block++) {
                for (int at = 0; at < count; at += run.count) {
                    next_run(w, first + at, count - at, &run);
                    input_functions[w->combination](w, in + channel + block, &run,
                                                    v + block * channel_stride + at * CK_WIDTH, v_stride);
                }
            }
            for (int point = 0; point < w->points; point++) {
                for (int panel = panel_from; panel < panel_end; panel++) {
                    int vectors = ck_least(2, w->out_blocks - 2 * panel);
                    if (!ck_panel_uses(w, panel, point)) continue;
                    float *g = gradient + ck_panel_offset(w, panel) + point * ck_point_stride(w, vectors) +
                               channel * CK_WIDTH * vectors * CK_WIDTH;
                    for (int block = 0; block < blocks; block++) {
                        const float *vs = v + point * v_stride + block * channel_stride;
                        const float *ds = d + point * d_stride + (2 * panel - out_from) * channel_stride;
                        correlate_block(vectors, vs, ds, channel_stride, count,
                                        g + (ptrdiff_t)block * CK_WIDTH * vectors * CK_WIDTH, step > 0, vs + v_stride,
                                        ds + d_stride + block % vectors * channel_stride);
                    }
                }
            }
        }
    }
}

#endif
