#ifndef CK_UPSAMPLING_PASSES_H
#define CK_UPSAMPLING_PASSES_H

#include "upsampling_multiply.h"
#include "upsampling_table.h"

// The passes of the up-convolution, one part of each.

// Copies lines of the source, activated, to [block][voxel][B].
static void activate(const ck_upsampling_job *j, int first, int lines, float *to) {
    const int voxels = j->shape.width, half = j->source.half;
    for (int block = 0; block < j->in_blocks; block++) {
        vec scale = {}, shift = {};
        if (j->scale) scale = load(j->scale + block * CK_WIDTH), shift = load(j->shift + block * CK_WIDTH);
        for (int line = first; line < first + lines; line++) {
            const float *from = ck_source_line(j, block, line);
            for (int voxel = 0; voxel < voxels; voxel++, to += CK_WIDTH) {
                const vec x = load_kept(half, from, (ptrdiff_t)voxel * CK_WIDTH);
                store(to, j->scale ? positive(x * scale + shift) : x);
            }
        }
    }
}

static void forward(const ck_upsampling_job *j, int part) {
    const int width = j->shape.width, groups = (width + CK_ROWS - 1) / CK_ROWS;
    const int end = ck_share(j->lines, part + 1, j->parts), channels = j->in_blocks * CK_WIDTH;
    const int half = j->destination.half;
    float *active = j->active + part * j->active_floats;
    for (int first = ck_share(j->lines, part, j->parts), lines; first < end; first += lines) {
        lines = ck_least(j->strip, end - first);
        activate(j, first, lines, active);
        const float *u = j->weights;
        for (int row = 0; row < j->out_blocks * j->pairs; row++, u += 2 * CK_WIDTH * channels) {
            for (int line = 0; line < lines; line++) {
                float *y = ck_painted_row(j, row / j->pairs, first + line, row % j->pairs);
                for (int group = 0; group < groups; group++) {
                    int from = ck_share(width, group, groups), rows = ck_share(width, group + 1, groups) - from;
                    paint_functions[rows - 1](active + (line * width + from) * CK_WIDTH,
                                              (ptrdiff_t)lines * width * CK_WIDTH, j->in_blocks, u,
                                              ck_element(y, half, 2 * (ptrdiff_t)from * CK_WIDTH), half, j->stream);
                }
            }
        }
    }
}

static void backward_data(const ck_upsampling_job *j, int part) {
    const int width = j->shape.width, groups = (width + CK_ROWS - 1) / CK_ROWS;
    const int end = ck_share(j->lines, part + 1, j->parts);
    const ptrdiff_t block_floats = (ptrdiff_t)j->taps * CK_WIDTH * CK_WIDTH, ahead = 2 * j->destination.row_stride;
    for (int first = ck_share(j->lines, part, j->parts), lines; first < end; first += lines) {
        lines = ck_least(j->strip, end - first);
        for (int block = 0; block < j->out_blocks; block++) {
            for (int line = first; line < first + lines; line++) {
                const float *dy[4];
                for (int pair = 0; pair < j->pairs; pair++) dy[pair] = ck_painted_row(j, block, line, pair);
                for (int group = 0; group < groups; group++) {
                    int from = ck_share(width, group, groups), rows = ck_share(width, group + 1, groups) - from;
                    for (int in = 0; in < j->in_blocks; in += 2) {
                        int vectors = ck_least(2, j->in_blocks - in);
                        const float *u = j->weights + block_floats * (in * j->out_blocks + block * vectors);
                        gather_functions[rows - 1][vectors - 1](
                            dy, 2 * from * CK_WIDTH, j->pairs, u, ck_source_line(j, in, line) + from * CK_WIDTH,
                            j->source.block_stride, block > 0, in ? 0 : ahead * j->strip);
                    }
                }
            }
        }
    }
}

// All gradients of one block of outputs and one pair of taps, from a strip of lines.
static void correlate_row(const ck_upsampling_job *j, int row, int first, int lines, const float *active, float *g,
                          int add) {
    const int channels = CK_GRADIENT_ROWS, passes = j->in_blocks * CK_WIDTH / channels;
    const int width = j->shape.width, next = ck_least(row + 1, j->out_blocks * j->pairs - 1);
    const ptrdiff_t bytes = (ptrdiff_t)width * 2 * CK_WIDTH * 4;
    const float *dy[ck_most_strip_lines], *ahead[ck_most_strip_lines];
    for (int line = 0; line < lines; line++) {
        dy[line] = ck_painted_row(j, row / j->pairs, first + line, row % j->pairs);
        ahead[line] = ck_painted_row(j, next / j->pairs, first + line, next % j->pairs);
    }
    for (int pass = 0; pass < passes; pass++, g += 2 * CK_WIDTH * channels) {
        int channel = pass * channels;
        const float *x = active + (ptrdiff_t)(channel / CK_WIDTH) * lines * width * CK_WIDTH + channel % CK_WIDTH;
        correlate(channels, x, dy, lines, width, g, add, ahead, bytes * pass / passes, 2 * CK_WIDTH * 4 / passes);
    }
}

static void backward_weights(const ck_upsampling_job *j, int part) {
    const int split = j->split_voxels, rows = j->out_blocks * j->pairs;
    const int begin = split ? ck_share(j->lines, part, j->parts) : 0;
    const int end = split ? ck_share(j->lines, part + 1, j->parts) : j->lines;
    const int first_row = split ? 0 : ck_share(rows, part, j->parts);
    const int last_row = split ? rows : ck_share(rows, part + 1, j->parts);
    const ptrdiff_t row_floats = (ptrdiff_t)j->in_blocks * CK_WIDTH * 2 * CK_WIDTH;
    float *active = j->active + part * j->active_floats, *g = j->gradient + (split ? part * j->gradient_floats : 0);
    if (begin == end && split) __builtin_memset(g, 0, j->gradient_floats * sizeof *g);
    for (int first = begin, lines; first < end && first_row < last_row; first += lines) {
        lines = ck_least(j->strip, end - first);
        activate(j, first, lines, active);
        for (int row = first_row; row < last_row; row++) {
            correlate_row(j, row, first, lines, active, g + row * row_floats, first > begin);
        }
    }
}

#endif
