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

// Cycles per thread, roughly: products at 2 vectors per cycle, transforms, and transformed weights passing through memory.
static double cost(const ck_winograd *w) {
    double products = (double)w->points * w->in_blocks * w->out_blocks * w->width * w->width;
    double tiles = (double)(w->tile_count + w->parts - 1) / w->parts;
    double transforms = 4.0 * w->points * (w->in_blocks + w->out_blocks);
    return tiles * (products / w->width / 2 + transforms) + products * (1.0 / 4 + 0.5 / w->parts);
}

static void choose_tile(ck_winograd *w, const int wanted[3]) {
    ck_winograd plain = *w, best = *w;
    double least = -1;
    for (int code = 0; code < 8; code++) {
        int tile[3];
        for (int axis = 0; axis < 3; axis++) {
            tile[axis] = plain.kernel[axis] == 1 ? 1 : code >> axis & 1 ? 4 : 2;
            if (wanted[axis] && plain.kernel[axis] != 1) tile[axis] = wanted[axis];
        }
        set_tile(w, &plain, tile);
        double cycles = cost(w);
        if (least < 0 || cycles < least) {
            least = cycles;
            best = *w;
        }
    }
    *w = best;
}

static ptrdiff_t padded_stride(ptrdiff_t floats, int width) { return floats + 2 * width; }

void ck_winograd_choose(ck_winograd *w, const ck_kernels *kernels, const ck_conv_options *options, int threads, int for_weights) {
    w->width = kernels->width;
    w->parts = threads;
    w->channel_parts = 1;
    choose_tile(w, options->tile);
    if (for_weights) {
        // Copies of the gradient are kept small by splitting channels rather than tiles when the layer is wide.
        double bytes = 4.0 * w->points * w->in_blocks * w->out_blocks * w->width * w->width;
        int panels = (w->out_blocks + 1) / 2;
        w->split_in = w->in_blocks >= panels;
        int most = w->split_in ? w->in_blocks : panels;
        for (int parts = 2; parts <= threads && parts <= most; parts++) {
            if (threads % parts == 0 && bytes * threads / w->channel_parts > 12e6) w->channel_parts = parts;
        }
    }
    int tile_parts = w->parts / w->channel_parts, rows = kernels->rows;
    int share = ck_most(1, (w->tile_count + tile_parts - 1) / tile_parts);
    w->tile_block = options->tile_block ? options->tile_block : for_weights ? 4 * rows : 2 * rows;
    w->tile_block = ck_least(w->tile_block, share);
    w->channel_block = options->channel_block ? ck_least(options->channel_block, w->in_blocks) : w->in_blocks;
    ptrdiff_t tile_floats = (ptrdiff_t)w->tile_block * w->width;
    ptrdiff_t v = padded_stride(w->channel_block * tile_floats, w->width);
    ptrdiff_t m = for_weights ? padded_stride(w->out_blocks * tile_floats, w->width) : padded_stride(2 * tile_floats, w->width);
    int panels = (w->out_blocks + 1) / 2;
    if (!for_weights && w->channel_block < w->in_blocks) m *= panels;
    w->part_floats = (size_t)w->points * (v + m);
}
