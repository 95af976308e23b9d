#ifndef CK_WINOGRAD_WEIGHTS_H
#define CK_WINOGRAD_WEIGHTS_H

#include "convolution_table.h"
#include "winograd_axis.h"

// Weights between the plain layout and that of the products.

// Where tap i of the pass lies among a weight's taps.
static int tap_order(const ck_winograd *w, int *order) {
    int actual[3], taps = ck_taps(w), index = 0, extent[3];
    for (int i = 0; i < 3; i++) extent[w->axis[i]] = w->kernel[i];
    for (int i = 0; i < w->kernel[0]; i++) {
        for (int j = 0; j < w->kernel[1]; j++) {
            for (int l = 0; l < w->kernel[2]; l++) {
                actual[w->axis[0]] = i, actual[w->axis[1]] = j, actual[w->axis[2]] = l;
                int tap = (actual[0] * extent[1] + actual[1]) * extent[2] + actual[2];
                order[index++] = w->reversed ? taps - 1 - tap : tap;
            }
        }
    }
    return taps;
}

// The taps of one input channel and B output channels, in the order of the pass, one vector each.
CK_INLINE void gather_taps(const ck_weight_map *map, const float *weights, int block, int channel, const int *order,
                           int taps, vec *g) {
    float rows[CK_WIDTH][32];
    vec natural[32];
    for (int lane = 0; lane < CK_WIDTH; lane++) {
        ptrdiff_t out = map->out_offset[block * CK_WIDTH + lane], in = map->in_offset[channel];
        if (out < 0 || in < 0) {
            for (int i = 0; i < 32; i++) rows[lane][i] = 0;
        } else if (taps == 27) {
            __builtin_memcpy(rows[lane], weights + out + in, 27 * sizeof(float));
        } else {
            for (int i = 0; i < taps; i++) rows[lane][i] = weights[out + in + i];
        }
    }
    for (int at = 0; at < taps; at += CK_WIDTH) {
        vec x[CK_WIDTH];
        CK_UNROLL
        for (int lane = 0; lane < CK_WIDTH; lane++) x[lane] = load(rows[lane] + at);
        transpose(x);
        CK_UNROLL
        for (int lane = 0; lane < CK_WIDTH; lane++) natural[at + lane] = x[lane];
    }
    for (int i = 0; i < taps; i++) g[i] = natural[order[i]];
}

// The inverse of `gather_taps`; padding channels are dropped.
CK_INLINE void scatter_taps(const ck_weight_map *map, float *weights, int block, int channel, const int *order,
                            int taps, const vec *g) {
    vec natural[32];
    ptrdiff_t in = map->in_offset[channel];
    if (in < 0) return;
    for (int i = taps; i < 32; i++) natural[i] = (vec){};
    for (int i = 0; i < taps; i++) natural[order[i]] = g[i];
    for (int at = 0; at < taps; at += CK_WIDTH) {
        vec x[CK_WIDTH];
        CK_UNROLL
        for (int lane = 0; lane < CK_WIDTH; lane++) x[lane] = natural[at + lane];
        transpose(x);
        int count = ck_least(CK_WIDTH, taps - at);
        for (int lane = 0; lane < CK_WIDTH; lane++) {
            ptrdiff_t out = map->out_offset[block * CK_WIDTH + lane];
            if (out >= 0) __builtin_memcpy(weights + out + in + at, &x[lane], count * sizeof(float));
        }
    }
}

// One plane of points, with index a along the first axis: u[j][l] = Σ G[a][i] G[j][·] G[l][·] g[i][·][·].
CK_INLINE void weight_plane(int m0, int m1, int m2, int a, const float *g, ptrdiff_t tap_stride, float *u,
                            ptrdiff_t point_stride) {
    static const float rows2[4][3] = {{1, 0, 0}, {0.5f, 0.5f, 0.5f}, {0.5f, -0.5f, 0.5f}, {0, 0, 1}};
    static const float rows4[6][3] = {{1, 0, 0},
                                      {-1.0f / 3, -1.0f / 3, -1.0f / 3},
                                      {1.0f / 3, -1.0f / 3, 1.0f / 3},
                                      {1.0f / 15, 2.0f / 15, 4.0f / 15},
                                      {-16.0f / 15, 8.0f / 15, -4.0f / 15},
                                      {0, 0, 1}};
    const int a1 = extent_of(m1), a2 = extent_of(m2);
    vec first[9], second[18];
    if (m0 == 1) {
        CK_UNROLL
        for (int i = 0; i < 9; i++) first[i] = load(g + i * tap_stride);
    } else {
        const float *c = m0 == 4 ? rows4[a] : rows2[a];
        CK_UNROLL
        for (int i = 0; i < 9; i++) {
            first[i] = c[0] * load(g + i * tap_stride) + c[1] * load(g + (9 + i) * tap_stride) +
                       c[2] * load(g + (18 + i) * tap_stride);
        }
    }
    CK_UNROLL
    for (int l = 0; l < 3; l++) weight_axis(m1, first + l, 3, second + l, 3);
    CK_UNROLL
    for (int j = 0; j < a1; j++) {
        vec x[6];
        weight_axis(m2, second + 3 * j, 1, x, 1);
        CK_UNROLL
        for (int l = 0; l < a2; l++) store(u + (j * a2 + l) * point_stride, x[l]);
    }
}

// The adjoint: the taps' gradient, one vector each, from that of the points (summed over `copies`).
CK_INLINE void gradient_points(int m0, int m1, int m2, const float *u, ptrdiff_t point_stride, int copies,
                               ptrdiff_t copy, vec *g) {
    const int a0 = extent_of(m0), a1 = extent_of(m1), a2 = extent_of(m2);
    vec second[6 * 9];
    for (int a = 0; a < a0; a++) {
        vec first[18];
        CK_UNROLL
        for (int j = 0; j < a1; j++) {
            vec x[6];
            CK_UNROLL
            for (int l = 0; l < a2; l++) {
                const float *p = u + ((a * a1 + j) * a2 + l) * point_stride;
                x[l] = load(p);
                for (int other = 1; other < copies; other++) x[l] += load(p + other * copy);
            }
            gradient_axis(m2, x, 1, first + 3 * j, 1);
        }
        CK_UNROLL
        for (int l = 0; l < 3; l++) gradient_axis(m1, first + l, 3, second + a * 9 + l, 3);
    }
    CK_UNROLL
    for (int i = 0; i < 9; i++) gradient_axis(m0, second + i, 9, g + i, 9);
}

typedef void plane_function(int, const float *, ptrdiff_t, float *, ptrdiff_t);
typedef void points_function(const float *, ptrdiff_t, int, ptrdiff_t, vec *);

#define CK_COMBINATION(a, b, c)                                                                                  \
    static void plane_##a##b##c(int i, const float *g, ptrdiff_t tap_stride, float *u, ptrdiff_t point_stride) { \
        weight_plane(a, b, c, i, g, tap_stride, u, point_stride);                                                \
    }                                                                                                            \
    static void points_##a##b##c(const float *u, ptrdiff_t point_stride, int copies, ptrdiff_t copy, vec *g) {   \
        gradient_points(a, b, c, u, point_stride, copies, copy, g);                                              \
    }

CK_COMBINATION(1, 2, 2)
CK_COMBINATION(1, 2, 4)
CK_COMBINATION(1, 4, 4)
CK_COMBINATION(2, 2, 2)
CK_COMBINATION(2, 2, 4)
CK_COMBINATION(2, 4, 4)
CK_COMBINATION(4, 4, 4)
#undef CK_COMBINATION

static plane_function *const plane_functions[] = {plane_122, plane_124, plane_144, plane_222,
                                                  plane_224, plane_244, plane_444};
static points_function *const points_functions[] = {points_122, points_124, points_144, points_222,
                                                    points_224, points_244, points_444};

static void transform_weights(const ck_winograd *w, const ck_weight_map *map, const float *weights, float *transformed,
                              int part) {
    int order[27], taps = tap_order(w, order), in_channels = w->in_blocks * CK_WIDTH,
                   work = in_channels * w->out_blocks;
    int plane = w->extent[1] * w->extent[2];
    for (int item = ck_share(work, part, w->parts), end = ck_share(work, part + 1, w->parts); item < end; item++) {
        int block = item / in_channels, channel = item % in_channels, panel = block / 2;
        int vectors = ck_least(2, w->out_blocks - 2 * panel);
        ptrdiff_t stride = ck_point_stride(w, vectors);
        vec g[27];
        gather_taps(map, weights, block, channel, order, taps, g);
        float *u = transformed + ck_panel_offset(w, panel) + (channel * vectors + block % 2) * CK_WIDTH;
        for (int a = 0; a < w->extent[0]; a++)
            plane_functions[w->combination](a, (const float *)g, CK_WIDTH, u + a * plane * stride, stride);
    }
}

static void reduce_gradient(const ck_winograd *w, const ck_weight_map *map, const float *gradient, float *diff_weights,
                            int part) {
    int order[27], taps = tap_order(w, order), in_channels = w->in_blocks * CK_WIDTH,
                   work = in_channels * w->out_blocks;
    for (int item = ck_share(work, part, w->parts), end = ck_share(work, part + 1, w->parts); item < end; item++) {
        int block = item / in_channels, channel = item % in_channels, panel = block / 2;
        int vectors = ck_least(2, w->out_blocks - 2 * panel);
        const float *u = gradient + ck_panel_offset(w, panel) + (channel * vectors + block % 2) * CK_WIDTH;
        vec g[27];
        points_functions[w->combination](u, ck_point_stride(w, vectors), w->copies, ck_transformed_floats(w), g);
        scatter_taps(map, diff_weights, block, channel, order, taps, g);
    }
}

// Fused passes keep weights and their gradients as taps: [panel][channel][tap][vectors][B].
CK_INLINE ptrdiff_t packed_at(const ck_winograd *w, int taps, int block, int channel, int *vectors) {
    *vectors = ck_least(2, w->out_blocks - block / 2 * 2);
    return ck_packed_offset(w, block / 2) + ((ptrdiff_t)channel * taps * *vectors + block % 2) * CK_WIDTH;
}

static void pack_weights(const ck_winograd *w, const ck_weight_map *map, const float *weights, float *packed,
                         int part) {
    int order[27], taps = tap_order(w, order), in_channels = w->in_blocks * CK_WIDTH,
                   work = in_channels * w->out_blocks;
    for (int item = ck_share(work, part, w->parts), end = ck_share(work, part + 1, w->parts); item < end; item++) {
        int block = item / in_channels, channel = item % in_channels, vectors;
        float *u = packed + packed_at(w, taps, block, channel, &vectors);
        vec g[27];
        gather_taps(map, weights, block, channel, order, taps, g);
        for (int i = 0; i < taps; i++) store(u + i * vectors * CK_WIDTH, g[i]);
    }
}

static void unpack_gradient(const ck_winograd *w, const ck_weight_map *map, const float *packed, float *diff_weights,
                            int part) {
    int order[27], taps = tap_order(w, order), in_channels = w->in_blocks * CK_WIDTH,
                   work = in_channels * w->out_blocks;
    for (int item = ck_share(work, part, w->parts), end = ck_share(work, part + 1, w->parts); item < end; item++) {
        int block = item / in_channels, channel = item % in_channels, vectors;
        const float *u = packed + packed_at(w, taps, block, channel, &vectors);
        vec g[27];
        for (int i = 0; i < taps; i++) {
            g[i] = load(u + i * vectors * CK_WIDTH);
            for (int other = 1; other < w->copies; other++)
                g[i] += load(u + i * vectors * CK_WIDTH + other * ck_packed_floats(w));
        }
        scatter_taps(map, diff_weights, block, channel, order, taps, g);
    }
}

#endif
