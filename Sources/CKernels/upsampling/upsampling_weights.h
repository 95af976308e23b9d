#ifndef CK_UPSAMPLING_WEIGHTS_H
#define CK_UPSAMPLING_WEIGHTS_H

#include "../support/vector.h"
#include "upsampling_table.h"

// Plain weights of the up-convolution to packed ones, and the gradient back.

// Plain weights of a pair of channels.
CK_INLINE const float *plain(const ck_upsampling_job *j, int in, int out) {
    return j->weights + ((ptrdiff_t)in * j->shape.out_channels + out) * j->taps;
}

// [out block][pair][in channel][kx][B] from plain weights.
static void pack(const ck_upsampling_job *j, int part) {
    const int channels = j->in_blocks * CK_WIDTH;
    for (int block = 0; block < j->out_blocks; block++) {
        int first = block * CK_WIDTH, real = ck_least(CK_WIDTH, j->shape.out_channels - first);
        for (int in = ck_share(channels, part, j->parts); in < ck_share(channels, part + 1, j->parts); in++) {
            for (int tap = 0; tap < j->taps; tap++) {
                float *to = j->packed + (((ptrdiff_t)block * j->pairs + tap / 2) * channels + in) * 2 * CK_WIDTH +
                            tap % 2 * CK_WIDTH;
                for (int lane = 0; lane < CK_WIDTH; lane++) {
                    to[lane] = in < j->shape.in_channels && lane < real ? plain(j, in, first + lane)[tap] : 0;
                }
            }
        }
    }
}

// [panel][out block][tap][out lane][in block of panel][B] from plain weights; a panel is two blocks of the input.
static void pack_transposed(const ck_upsampling_job *j, int part) {
    const int outs = j->out_blocks * CK_WIDTH, all = j->in_blocks * CK_WIDTH;
    for (int in = ck_share(all, part, j->parts); in < ck_share(all, part + 1, j->parts); in++) {
        int panel = in / (2 * CK_WIDTH), vectors = ck_least(2, j->in_blocks - 2 * panel);
        float *to = j->packed + (ptrdiff_t)panel * 2 * CK_WIDTH * outs * j->taps + in % (2 * CK_WIDTH);
        for (int out = 0; out < outs; out++) {
            int real = in < j->shape.in_channels && out < j->shape.out_channels;
            const float *from = real ? plain(j, in, out) : 0;
            for (int tap = 0; tap < j->taps; tap++) {
                ptrdiff_t row = ((ptrdiff_t)(out / CK_WIDTH) * j->taps + tap) * CK_WIDTH + out % CK_WIDTH;
                to[row * vectors * CK_WIDTH] = real ? from[tap] : 0;
            }
        }
    }
}

// Sums the copies of the gradient, in their order, into plain order.
static void reduce(const ck_upsampling_job *j, int part) {
    const int channels = j->in_blocks * CK_WIDTH, copies = j->split_voxels ? j->parts : 1, taps = j->taps;
    const int ins = j->shape.in_channels, outs = j->shape.out_channels;
    for (int in = ck_share(ins, part, j->parts); in < ck_share(ins, part + 1, j->parts); in++) {
        for (int block = 0; block < j->out_blocks; block++) {
            float sums[8 * CK_WIDTH];
            for (int tap = 0; tap < taps; tap++) {
                const float *g = j->gradient + (((ptrdiff_t)block * j->pairs + tap / 2) * channels + in) * 2 * CK_WIDTH;
                vec sum = {};
                for (int copy = 0; copy < copies; copy++) {
                    sum += load(g + copy * j->gradient_floats + tap % 2 * CK_WIDTH);
                }
                store(sums + tap * CK_WIDTH, sum);
            }
            float *to = j->diff_weights + ((ptrdiff_t)in * outs + block * CK_WIDTH) * taps;
            for (int lane = 0; lane < ck_least(CK_WIDTH, outs - block * CK_WIDTH); lane++) {
                for (int tap = 0; tap < taps; tap++) *to++ = sums[tap * CK_WIDTH + lane];
            }
        }
    }
}

#endif
