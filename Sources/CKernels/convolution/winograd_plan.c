#include "convolution_plan.h"

static const int combinations[][3] = {{1, 2, 2}, {1, 2, 4}, {1, 4, 4}, {2, 2, 2}, {2, 2, 4}, {2, 4, 4}, {4, 4, 4}};

int ck_winograd_combination(const int tile[3]) {
    for (int i = 0; i < (int)(sizeof combinations / sizeof *combinations); i++) {
        if (tile[0] == combinations[i][0] && tile[1] == combinations[i][1] && tile[2] == combinations[i][2]) return i;
    }
    return -1;
}

// Sets tile extents per axis z, y, x, with the axes of the pass ordered by them.
static void set_tile(ck_winograd *w, const ck_winograd *plain, const int tile[3]) {
    int index = 0;
    for (int m = 1; m <= 4; m++) {
        for (int axis = 0; axis < 3; axis++) {
            if (tile[axis] == m) w->axis[index++] = axis;
        }
    }
    w->points = w->tile_count = 1;
    for (int i = 0; i < 3; i++) {
        int axis = w->axis[i];
        w->tile[i] = tile[axis];
        w->kernel[i] = plain->kernel[axis];
        w->extent[i] = w->tile[i] + w->kernel[i] - 1;
        w->source[i] = plain->source[axis];
        w->result[i] = plain->result[axis];
        w->pad[i] = plain->pad[axis];
        w->tiles[i] = (w->result[i] + w->tile[i] - 1) / w->tile[i];
        w->points *= w->extent[i];
        w->tile_count *= w->tiles[i];
    }
    w->combination = ck_winograd_combination(w->tile);
}

// Along a doubled axis a parity's kernel has two of three taps. Its first tap alone decides the weights at the first
// point, 0, and its last tap those at the last, infinity: one of both is 0.
static void find_uses(ck_winograd *w, const int doubled[3]) {
    for (int point = 0; point < w->points; point++) {
        int at[3] = {point / w->extent[2] / w->extent[1], point / w->extent[2] % w->extent[1], point % w->extent[2]};
        w->uses[point] = 0;
        for (int parity = 0; parity < w->parities; parity++) {
            int used = 1, bit = 0;
            for (int axis = 2; axis >= 0; axis--) {
                if (!doubled[axis]) continue;
                int odd = parity >> bit++ & 1;
                for (int i = 0; i < 3; i++) {
                    int empty = odd != w->reversed ? 0 : w->extent[i] - 1;
                    if (w->axis[i] == axis && at[i] == empty) used = 0;
                }
            }
            w->uses[point] |= used << parity;
        }
    }
}

// The part of the products that is not 0.
static double used_part(const ck_winograd *w) {
    int used = 0;
    for (int point = 0; point < w->points; point++) used += __builtin_popcount(w->uses[point]);
    return (double)used / (w->points * w->parities);
}

static double transformed_floats(const ck_winograd *w) {
    return used_part(w) * w->points * w->in_blocks * w->out_blocks * w->width * w->width;
}

enum { fused_tiles = 72, fused_steps_most = 4, lone_tiles = 56 };
static const double fused_bytes = 1.5e6, fused_gradient_bytes = 4e6, fused_wide_bytes = 12e6, tile_bytes = 16e6,
                    lone_tile_bytes = 5e6;

// Whether transformed tiles hold every parity of a destination: small steps keep them in a cache.
static int is_wide(const ck_winograd *w, int for_weights) { return w->parities > 1 && (for_weights || w->reversed); }
enum { wide_blocks = 4 };

static int fused_steps(const ck_winograd *w) { return (w->tile_count + fused_tiles - 1) / fused_tiles; }

// Measured: transformed weights are best used while they lie in the shared cache; their gradient, read and written, in
// the second level.
static void choose_fusion(ck_winograd *w, ck_fusion wanted, int for_weights) {
    double bytes = 4 * transformed_floats(w);
    int useful = (fused_steps(w) <= fused_steps_most && bytes > fused_bytes) ||
                 (for_weights && bytes > fused_gradient_bytes);
    if (is_wide(w, for_weights)) useful = bytes > fused_wide_bytes;
    w->fused = wanted == ck_fusion_always || (wanted == ck_fusion_automatic && useful);
}

// Cycles per thread, roughly: products at 2 vectors per cycle, transforms, and the weights' transforms and reads.
static double cost(const ck_winograd *w) {
    double weights = transformed_floats(w);
    double tiles = (double)(w->tile_count + w->parts - 1) / w->parts, steps = tiles / 28;
    double transforms = 4.0 * w->points * (w->in_blocks + w->out_blocks);
    double products = tiles * (weights / w->width / 2 + transforms);
    return products + weights * (w->fused ? 0.3 * fused_steps(w) / w->parts : 2.0 / w->parts + 0.25 * (1 + steps));
}

static void choose_tile(ck_winograd *w, const ck_conv_options *options, const int doubled[3], int for_weights) {
    ck_winograd plain = *w, best = *w;
    double least = -1;
    for (int code = 0; code < 8; code++) {
        int tile[3];
        for (int axis = 0; axis < 3; axis++) {
            tile[axis] = plain.kernel[axis] == 1 ? 1 : code >> axis & 1 ? 4 : 2;
            if (options->tile[axis] && plain.kernel[axis] != 1) tile[axis] = options->tile[axis];
        }
        set_tile(w, &plain, tile);
        find_uses(w, doubled);
        choose_fusion(w, options->fusion, for_weights);
        double cycles = cost(w);
        if (least < 0 || cycles < least) {
            least = cycles;
            best = *w;
        }
    }
    *w = best;
}

static ptrdiff_t piece_floats(const ck_winograd *w, int points, int blocks) {
    return (ptrdiff_t)points * (blocks * w->width * 2 + 1) * w->width;
}

static void plan_fused(ck_winograd *w, const ck_conv_options *options, int for_weights) {
    int panels = (w->out_blocks + 1) / 2, steps = fused_steps(w);
    w->tile_block = options->tile_block ? ck_least(options->tile_block, w->tile_count)
                                        : (w->tile_count + steps - 1) / steps;
    int alone = for_weights && w->parts > 1 && w->tile_count >= lone_tiles * w->parts;
    if (alone) {
        w->copies = w->parts;
        if (!options->tile_block) {
            int share = (w->tile_count + w->parts - 1) / w->parts;
            steps = (share + fused_tiles - 1) / fused_tiles;
            w->tile_block = (share + steps - 1) / steps;
        }
    }
    for (w->groups = 1; panels * w->groups % w->parts != 0; w->groups++) {}
    int most = (int)((alone ? lone_tile_bytes : tile_bytes) / (4.0 * w->points * w->tile_block * w->width)) / 2 * 2;
    if (is_wide(w, for_weights)) most = ck_least(most, wide_blocks);
    if (options->channel_block) most = options->channel_block;
    int chunks = (w->in_blocks + ck_most(2, most) - 1) / ck_most(2, most);
    w->channel_block = (w->in_blocks + chunks - 1) / chunks;
    if (w->channel_block < w->in_blocks) w->channel_block += w->channel_block % 2;
    ptrdiff_t v = w->points * ck_tile_stride(w, w->channel_block), m = w->points * ck_tile_stride(w, 2);
    if (for_weights) {
        w->part_floats = piece_floats(w, w->points, 2);
        w->shared_floats = v + w->points * ck_tile_stride(w, w->out_blocks);
    } else {
        int once = w->channel_block >= w->in_blocks;
        w->part_floats = piece_floats(w, w->extent[1] * w->extent[2], w->channel_block) + (once ? m : 0);
        w->shared_floats = v + (once ? 0 : panels * m);
    }
}

static void plan_parts(ck_winograd *w, const ck_conv_kernels *kernels, const ck_conv_options *options,
                       int for_weights) {
    int panels = (w->out_blocks + 1) / 2;
    if (for_weights) {
        // Copies of the gradient are kept small by splitting channels rather than tiles when the layer is wide.
        double bytes = 4 * transformed_floats(w);
        w->split_in = w->in_blocks >= panels;
        int most = w->split_in ? w->in_blocks : panels;
        for (int parts = 2; parts <= w->parts && parts <= most; parts++) {
            if (w->parts % parts == 0 && bytes * w->parts / w->channel_parts > 12e6) w->channel_parts = parts;
        }
    }
    w->copies = for_weights ? w->parts / w->channel_parts : 1;
    int tile_parts = w->parts / w->channel_parts, rows = kernels->rows;
    int share = ck_most(1, (w->tile_count + tile_parts - 1) / tile_parts);
    int wide = is_wide(w, for_weights);
    w->tile_block = options->tile_block ? options->tile_block : wide ? ck_most(14, rows) : ck_most(28, 2 * rows);
    w->tile_block = ck_least(w->tile_block, share);
    w->channel_block = ck_least(w->in_blocks, options->channel_block ? options->channel_block
                                              : wide                 ? wide_blocks
                                                                     : w->in_blocks);
    ptrdiff_t m = ck_tile_stride(w, for_weights ? w->out_blocks : 2);
    if (!for_weights && w->channel_block < w->in_blocks) m *= panels;
    w->part_floats = (size_t)w->points * (ck_tile_stride(w, w->channel_block) + m);
}

void ck_winograd_choose(ck_winograd *w, const ck_conv_kernels *kernels, const ck_conv_options *options,
                        const int doubled[3], int threads, int for_weights) {
    w->width = kernels->width;
    w->parts = threads;
    w->channel_parts = w->copies = 1;
    choose_tile(w, options, doubled, for_weights);
    if (w->fused) {
        plan_fused(w, options, for_weights);
    } else {
        plan_parts(w, kernels, options, for_weights);
    }
}
