// The passes of one part, and the weights.

CK_INLINE ptrdiff_t apart(ptrdiff_t floats) { return floats + CK_WIDTH * (1 + floats / CK_WIDTH % 2); }

CK_INLINE ptrdiff_t panel_offset(const ck_winograd *w, int in_blocks, int panel) {
    return (ptrdiff_t)panel * w->points * in_blocks * CK_WIDTH * 2 * CK_WIDTH;
}

static void forward(const ck_winograd *w, const ck_block *in, const ck_block *out, const float *transformed, const ck_results *results,
                    float *work, int part) {
    int from = ck_share(w->tile_count, part, w->parts), end = ck_share(w->tile_count, part + 1, w->parts);
    int steps = (end - from + w->tile_block - 1) / w->tile_block, panels = (w->out_blocks + 1) / 2;
    int once = w->channel_block >= w->in_blocks;
    ptrdiff_t channel_stride = (ptrdiff_t)w->tile_block * CK_WIDTH;
    ptrdiff_t v_stride = apart(w->channel_block * channel_stride), m_stride = apart(2 * channel_stride);
    float *v = work, *m = v + w->points * v_stride;
    double *sums = 0;
    if (results->sums) {
        sums = results->sums + (ptrdiff_t)part * 2 * w->out_blocks * CK_WIDTH;
        for (int i = 0; i < 2 * w->out_blocks * CK_WIDTH; i++) sums[i] = 0;
    }
    run_of_tiles run;
    for (int step = 0; step < steps; step++) {
        int first = from + ck_share(end - from, step, steps), count = from + ck_share(end - from, step + 1, steps) - first;
        for (int channel = 0; channel < w->in_blocks; channel += w->channel_block) {
            int blocks = ck_least(w->channel_block, w->in_blocks - channel);
            for (int block = 0; block < blocks; block++) {
                for (int at = 0; at < count; at += run.count) {
                    next_run(w, first + at, count - at, &run);
                    input_functions[w->combination](w, in + channel + block, &run, v + block * channel_stride + at * CK_WIDTH, v_stride);
                }
            }
            for (int panel = 0; panel < panels; panel++) {
                int vectors = ck_least(2, w->out_blocks - 2 * panel);
                int wanted = out[2 * panel].data || (vectors == 2 && out[2 * panel + 1].data);
                if (!wanted) continue;
                float *products = m + (once ? 0 : panel * w->points * m_stride);
                const float *u = transformed + panel_offset(w, w->in_blocks, panel) + channel * CK_WIDTH * vectors * CK_WIDTH;
                ptrdiff_t u_stride = (ptrdiff_t)w->in_blocks * CK_WIDTH * vectors * CK_WIDTH;
                for (int point = 0; point < w->points; point++) {
                    multiply_tiles(count, vectors, v + point * v_stride, channel_stride, blocks, u + point * u_stride,
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
static void add_bias(const ck_winograd *w, const float *d, ptrdiff_t d_stride, ptrdiff_t channel_stride, int blocks, int count,
                     double *diff_bias) {
    int point = 0;
    for (int i = 0; i < 3; i++) point = point * w->extent[i] + (w->extent[i] > 1);
    for (int block = 0; block < blocks; block++) {
        const float *p = d + point * d_stride + block * channel_stride;
        vec sum = {};
        for (int tile = 0; tile < count; tile++) sum += load(p + tile * CK_WIDTH);
        add_to(diff_bias + block * CK_WIDTH, sum);
    }
}

static void backward_weights(const ck_winograd *w, const ck_block *in, const ck_block *diff, float *gradient, double *diff_bias,
                             float *work, int part) {
    int tile_parts = w->parts / w->channel_parts, tile_part = part / w->channel_parts, channel_part = part % w->channel_parts;
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
    gradient += (ptrdiff_t)tile_part * w->points * w->in_blocks * w->out_blocks * CK_WIDTH * CK_WIDTH;
    int from = ck_share(w->tile_count, tile_part, tile_parts), end = ck_share(w->tile_count, tile_part + 1, tile_parts);
    int steps = ck_most(1, (end - from + w->tile_block - 1) / w->tile_block);
    ptrdiff_t channel_stride = (ptrdiff_t)w->tile_block * CK_WIDTH;
    ptrdiff_t v_stride = apart(w->channel_block * channel_stride), d_stride = apart(w->out_blocks * channel_stride);
    float *v = work, *d = v + w->points * v_stride;
    run_of_tiles run;
    for (int step = 0; step < steps; step++) {
        int first = from + ck_share(end - from, step, steps), count = from + ck_share(end - from, step + 1, steps) - first;
        for (int block = 0; block < outs; block++) {
            for (int at = 0; at < count; at += run.count) {
                next_run(w, first + at, count - at, &run);
                difference_functions[w->combination](w, diff + out_from + block, &run, d + block * channel_stride + at * CK_WIDTH,
                                                     d_stride);
            }
        }
        if (diff_bias && (!w->split_in || channel_part == 0))
            add_bias(w, d, d_stride, channel_stride, outs, count, diff_bias + out_from * CK_WIDTH);
        for (int channel = in_from; channel < in_end; channel += w->channel_block) {
            int blocks = ck_least(w->channel_block, in_end - channel);
            for (int block = 0; block < blocks; block++) {
                for (int at = 0; at < count; at += run.count) {
                    next_run(w, first + at, count - at, &run);
                    input_functions[w->combination](w, in + channel + block, &run, v + block * channel_stride + at * CK_WIDTH, v_stride);
                }
            }
            for (int point = 0; point < w->points; point++) {
                for (int panel = panel_from; panel < panel_end; panel++) {
                    int vectors = ck_least(2, w->out_blocks - 2 * panel);
                    float *g = gradient + panel_offset(w, w->in_blocks, panel) +
                        ((ptrdiff_t)point * w->in_blocks + channel) * CK_WIDTH * vectors * CK_WIDTH;
                    for (int block = 0; block < blocks; block++) {
                        correlate_block(vectors, v + point * v_stride + block * channel_stride,
                                        d + point * d_stride + (2 * panel - out_from) * channel_stride, channel_stride, count,
                                        g + (ptrdiff_t)block * CK_WIDTH * vectors * CK_WIDTH, step > 0);
                    }
                }
            }
        }
    }
}

// Where tap i of the pass lies among a weight's taps.
static int tap_order(const ck_winograd *w, int *order) {
    int actual[3], taps = w->kernel[0] * w->kernel[1] * w->kernel[2], index = 0, extent[3];
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

static void transform_weights(const ck_winograd *w, const ck_weight_map *map, const float *weights, float *transformed, int part) {
    int order[27], taps = tap_order(w, order), in_channels = w->in_blocks * CK_WIDTH, work = in_channels * w->out_blocks;
    int a0 = w->extent[0], a1 = w->extent[1], a2 = w->extent[2], k0 = w->kernel[0], k1 = w->kernel[1], k2 = w->kernel[2];
    for (int item = ck_share(work, part, w->parts), end = ck_share(work, part + 1, w->parts); item < end; item++) {
        int block = item / in_channels, channel = item % in_channels, panel = block / 2;
        int vectors = ck_least(2, w->out_blocks - 2 * panel);
        float rows[CK_WIDTH][32];
        vec g[32], first[6 * 9], second[36 * 3];
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
            CK_UNROLL for (int lane = 0; lane < CK_WIDTH; lane++) x[lane] = load(rows[lane] + at);
            transpose(x);
            CK_UNROLL for (int lane = 0; lane < CK_WIDTH; lane++) g[at + lane] = x[lane];
        }
        vec ordered[27];
        for (int i = 0; i < taps; i++) ordered[i] = g[order[i]];
        float *u = transformed + panel_offset(w, w->in_blocks, panel) + (channel * vectors + block % 2) * CK_WIDTH;
        ptrdiff_t stride = (ptrdiff_t)in_channels * vectors * CK_WIDTH;
#define CK_AXIS(call) do { if (m == 4) { const int m = 4; call; } else if (m == 2) { const int m = 2; call; } else { const int m = 1; call; } } while (0)
        int m = w->tile[0];
        for (int i = 0; i < k1 * k2; i++) CK_AXIS(weight_axis(m, ordered + i, k1 * k2, first + i, k1 * k2));
        m = w->tile[1];
        for (int i = 0; i < a0; i++)
            for (int l = 0; l < k2; l++) CK_AXIS(weight_axis(m, first + i * k1 * k2 + l, k2, second + i * a1 * k2 + l, k2));
        m = w->tile[2];
        for (int i = 0; i < a0 * a1; i++) {
            vec x[6];
            CK_AXIS(weight_axis(m, second + i * k2, 1, x, 1));
            for (int l = 0; l < a2; l++) store(u + (i * a2 + l) * stride, x[l]);
        }
        (void)k0;
    }
}

static void reduce_gradient(const ck_winograd *w, const ck_weight_map *map, const float *gradient, float *diff_weights, int part) {
    int order[27], taps = tap_order(w, order), in_channels = w->in_blocks * CK_WIDTH, work = in_channels * w->out_blocks;
    int a0 = w->extent[0], a1 = w->extent[1], a2 = w->extent[2], k1 = w->kernel[1], k2 = w->kernel[2];
    int copies = w->parts / w->channel_parts;
    ptrdiff_t copy = (ptrdiff_t)w->points * in_channels * w->out_blocks * CK_WIDTH;
    for (int item = ck_share(work, part, w->parts), end = ck_share(work, part + 1, w->parts); item < end; item++) {
        int block = item / in_channels, channel = item % in_channels, panel = block / 2;
        ptrdiff_t in = map->in_offset[channel];
        if (in < 0) continue;
        int vectors = ck_least(2, w->out_blocks - 2 * panel);
        const float *u = gradient + panel_offset(w, w->in_blocks, panel) + (channel * vectors + block % 2) * CK_WIDTH;
        ptrdiff_t stride = (ptrdiff_t)in_channels * vectors * CK_WIDTH;
        vec first[36 * 3], second[6 * 9], ordered[27], g[32];
        int m = w->tile[2];
        for (int i = 0; i < a0 * a1; i++) {
            vec x[6];
            for (int l = 0; l < a2; l++) {
                x[l] = load(u + (i * a2 + l) * stride);
                for (int other = 1; other < copies; other++) x[l] += load(u + (i * a2 + l) * stride + other * copy);
            }
            CK_AXIS(gradient_axis(m, x, 1, first + i * k2, 1));
        }
        m = w->tile[1];
        for (int i = 0; i < a0; i++)
            for (int l = 0; l < k2; l++) CK_AXIS(gradient_axis(m, first + i * a1 * k2 + l, k2, second + i * k1 * k2 + l, k2));
        m = w->tile[0];
        for (int i = 0; i < k1 * k2; i++) CK_AXIS(gradient_axis(m, second + i, k1 * k2, ordered + i, k1 * k2));
#undef CK_AXIS
        for (int i = taps; i < 32; i++) g[i] = (vec){};
        for (int i = 0; i < taps; i++) g[order[i]] = ordered[i];
        for (int at = 0; at < taps; at += CK_WIDTH) {
            vec x[CK_WIDTH];
            CK_UNROLL for (int lane = 0; lane < CK_WIDTH; lane++) x[lane] = g[at + lane];
            transpose(x);
            int count = ck_least(CK_WIDTH, taps - at);
            for (int lane = 0; lane < CK_WIDTH; lane++) {
                ptrdiff_t out = map->out_offset[block * CK_WIDTH + lane];
                if (out >= 0) __builtin_memcpy(diff_weights + out + in + at, &x[lane], count * sizeof(float));
            }
        }
    }
}
