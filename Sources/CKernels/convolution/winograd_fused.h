#ifndef CK_WINOGRAD_FUSED_H
#define CK_WINOGRAD_FUSED_H

#include "winograd_multiply.h"
#include "winograd_passes.h"
#include "winograd_tiles.h"
#include "winograd_weights.h"

// Passes for layers with many channels and few tiles, whose transformed weights would not fit a cache: weights stay
// taps, and each part transforms the piece it multiplies with. Parts share the transformed tiles and split the output
// channels.

// Floats between points of a part's piece of transformed weights (one plane of points) or of their gradient (all
// points).
CK_INLINE ptrdiff_t piece_stride(int blocks, int vectors) {
    return (ptrdiff_t)(blocks * CK_WIDTH * vectors + 1) * CK_WIDTH;
}

// Calls a run's transform for a part's share of the step's (block, tile) pairs.
CK_INLINE void share_tiles(const ck_winograd *w, const ck_step *step, input_function *transform, const ck_block *blocks,
                           int count, float *tiles, ptrdiff_t stride, double *diff_bias, int part) {
    long long all = (long long)count * step->count;
    int from = (int)(all * part / w->parts), end = (int)(all * (part + 1) / w->parts);
    ptrdiff_t channel_stride = (ptrdiff_t)w->tile_block * CK_WIDTH;
    run_of_tiles run;
    for (int at = from; at < end; at += run.count) {
        int block = at / step->count, tile = at % step->count;
        next_run(w, step->first + tile, ck_least(end - at, step->count - tile), &run);
        float *target = tiles + block * channel_stride + tile * CK_WIDTH;
        transform(w, blocks + block, &run, target, stride);
        if (diff_bias) add_bias(w, target, stride, channel_stride, 1, run.count, diff_bias + block * CK_WIDTH);
    }
}

static void fused_input(const ck_winograd *w, const ck_block *in, const ck_step *step, int part) {
    share_tiles(w, step, input_functions[w->combination], in + step->channel, step->blocks, step->v,
                ck_tile_stride(w, w->channel_block), 0, part);
}

static void fused_difference(const ck_winograd *w, const ck_block *diff, const ck_step *step, double *diff_bias,
                             int part) {
    if (diff_bias) {
        diff_bias += (ptrdiff_t)part * w->out_blocks * CK_WIDTH;
        for (int i = 0; i < w->out_blocks * CK_WIDTH && step->fresh; i++) diff_bias[i] = 0;
    }
    share_tiles(w, step, difference_functions[w->combination], diff, w->out_blocks, step->d,
                ck_tile_stride(w, w->out_blocks), diff_bias, part);
}

static void fused_products(const ck_winograd *w, const ck_block *out, const float *packed, const ck_results *results,
                           const ck_step *step, float *accumulated, float *work, int part) {
    int panels = (w->out_blocks + 1) / 2, items = panels * w->groups, taps = ck_taps(w),
        plane = w->extent[1] * w->extent[2];
    int all = w->out_blocks * CK_WIDTH, last = step->channel + step->blocks == w->in_blocks;
    ptrdiff_t channel_stride = (ptrdiff_t)w->tile_block * CK_WIDTH, v_stride = ck_tile_stride(w, w->channel_block);
    ptrdiff_t m_stride = ck_tile_stride(w, 2);
    double *sums = results->sums ? results->sums + (ptrdiff_t)part * 2 * all : 0;
    for (int i = 0; sums && i < 2 * all && step->fresh && step->channel == 0; i++) sums[i] = 0;
    run_of_tiles run;
    for (int item = ck_share(items, part, w->parts), end = ck_share(items, part + 1, w->parts); item < end; item++) {
        int panel = item / w->groups, group = item % w->groups, vectors = ck_least(2, w->out_blocks - 2 * panel);
        int from = ck_share(step->count, group, w->groups), count = ck_share(step->count, group + 1, w->groups) - from;
        if (!out[2 * panel].data && !(vectors == 2 && out[2 * panel + 1].data)) continue;
        const float *g = packed + ck_packed_offset(w, panel) +
                         (ptrdiff_t)step->channel * CK_WIDTH * taps * vectors * CK_WIDTH;
        ptrdiff_t u_stride = piece_stride(step->blocks, vectors);
        float *m = accumulated ? accumulated + panel * w->points * m_stride
                               : work + plane * piece_stride(w->channel_block, 2);
        for (int a = 0; a < w->extent[0]; a++) {
            for (int i = 0; i < step->blocks * CK_WIDTH; i++) {
                for (int n = 0; n < vectors; n++)
                    plane_functions[w->combination](a, g + (i * taps * vectors + n) * CK_WIDTH, vectors * CK_WIDTH,
                                                    work + (i * vectors + n) * CK_WIDTH, u_stride);
            }
            for (int i = 0, point = a * plane; i < plane; i++, point++) {
                multiply_used(w, point, count, vectors, step->v + point * v_stride + from * CK_WIDTH, channel_stride,
                              step->channel, ck_panel_uses(w, panel, point) ? step->blocks : 0, work + i * u_stride,
                              m + point * m_stride + from * CK_WIDTH, channel_stride, step->channel > 0);
            }
        }
        for (int n = 0; n < vectors && last; n++) {
            int block = 2 * panel + n;
            if (!out[block].data) continue;
            for (int at = from; at < from + count; at += run.count) {
                next_run(w, step->first + at, from + count - at, &run);
                output_functions[w->combination](w, out + block, &run, m + n * channel_stride + at * CK_WIDTH, m_stride,
                                                 results->bias ? results->bias + block * CK_WIDTH : 0, results->relu,
                                                 sums ? sums + block * CK_WIDTH : 0,
                                                 sums ? sums + all + block * CK_WIDTH : 0);
            }
        }
    }
}

// Items are pairs of two channel blocks and a panel; a part's gradient of all points stays in its cache until it is
// reduced to taps.
static void fused_gradient(const ck_winograd *w, const ck_step *step, float *packed, float *work, int part) {
    int panels = (w->out_blocks + 1) / 2, pairs = (step->blocks + 1) / 2, items = pairs * panels, taps = ck_taps(w);
    ptrdiff_t channel_stride = (ptrdiff_t)w->tile_block * CK_WIDTH;
    ptrdiff_t v_stride = ck_tile_stride(w, w->channel_block), d_stride = ck_tile_stride(w, w->out_blocks);
    for (int item = ck_share(items, part, w->parts), end = ck_share(items, part + 1, w->parts); item < end; item++) {
        int first = item / panels * 2, panel = item % panels, vectors = ck_least(2, w->out_blocks - 2 * panel);
        int blocks = ck_least(2, step->blocks - first);
        ptrdiff_t g_stride = piece_stride(blocks, vectors);
        for (int point = 0; point < w->points; point++) {
            if (!ck_panel_uses(w, panel, point)) continue;
            for (int block = 0; block < blocks; block++) {
                const float *v = step->v + point * v_stride + (first + block) * channel_stride;
                const float *d = step->d + point * d_stride + 2 * panel * channel_stride;
                correlate_block(vectors, v, d, channel_stride, step->count,
                                work + point * g_stride + block * CK_WIDTH * vectors * CK_WIDTH, 0, v + v_stride,
                                d + d_stride + block % vectors * channel_stride);
            }
        }
        for (int i = 0; i < blocks * CK_WIDTH; i++) {
            for (int n = 0; n < vectors; n++) {
                vec g[27];
                points_functions[w->combination](work + (i * vectors + n) * CK_WIDTH, g_stride, 1, 0, g);
                int channel = (step->channel + first) * CK_WIDTH + i;
                float *to = packed + ck_packed_offset(w, panel) + ((ptrdiff_t)channel * taps * vectors + n) * CK_WIDTH;
                for (int tap = 0; tap < taps; tap++, to += vectors * CK_WIDTH)
                    store(to, step->fresh ? g[tap] : g[tap] + load(to));
            }
        }
    }
}

#endif
