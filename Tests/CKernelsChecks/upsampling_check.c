// The passes of up-convolutions against sums in float64.
#include "checks.h"
#include "ck_upsampling.h"
#include "support.h"

enum { forward, backward_data, backward_weights };

static double worst[3][3];  // instruction set, pass
static int failures;

static void note(int isa, int pass, double error, const ck_upsampling *s) {
    const char *passes[] = {"forward", "backward data", "backward weights"};
    worst[isa - 1][pass] = fmax(worst[isa - 1][pass], error);
    if (error <= 1e-5) return;
    failures++;
    printf("FAILED up-convolution %s %s: error %.2e, channels %d -> %d, source %dx%dx%d, window depth %d, %d threads\n",
           isa_names[isa], passes[pass], error, s->in_channels, s->out_channels, s->depth, s->height, s->width,
           s->window_depth, s->threads);
}

// Values of a view in plain order.
static double *values_of(const ck_view *v, int width) {
    size_t voxels = (size_t)v->depth * v->height * v->width;
    double *values = aligned(8 * voxels * v->channels);
    for (int c = 0; c < v->channels; c++)
        for (size_t i = 0; i < voxels; i++)
            values[c * voxels + i] = v->data[at(v, width, c, (int)(i / v->width / v->height),
                                                (int)(i / v->width % v->height), (int)(i % v->width))];
    return values;
}

static void pass_case(ck_upsampling s) {
    int width = ck_isa_block(s.isa), up[3] = {s.window_depth, 2, 2}, taps = 4 * s.window_depth;
    int low[3] = {s.depth, s.height, s.width}, high[3] = {low[0] * up[0], low[1] * up[1], low[2] * up[2]};
    size_t voxels = (size_t)low[0] * low[1] * low[2], outs = voxels * taps;
    size_t nx = voxels * s.in_channels, ny = outs * s.out_channels;
    size_t nw = (size_t)s.in_channels * s.out_channels * taps;
    double *z = random_tensor(nx, 2), *dy = random_tensor(ny, 1), *x = aligned(nx * 8);
    float *scale = cleared(4 * 96), *shift = cleared(4 * 96), *w = random_floats(nw, 1), *dw = aligned(4 * nw);
    int affine = random_below(2);
    int half = random_below(2);
    if (half) round_to_halves(z, nx);
    for (int c = 0; c < s.in_channels; c++) scale[c] = random_value() + 1, shift[c] = random_value();
    for (size_t i = 0; i < nx; i++) x[i] = affine ? fmax(0, z[i] * scale[i / voxels] + shift[i / voxels]) : z[i];

    double *y = cleared(ny * 8), *dx = cleared(nx * 8), *want = cleared(nw * 8), *got = aligned(nw * 8);
    for (int c = 0; c < s.in_channels; c++)
        for (int k = 0; k < s.out_channels; k++)
            for (size_t v = 0; v < voxels; v++)
                for (int tap = 0; tap < taps; tap++) {
                    size_t weight = ((size_t)c * s.out_channels + k) * taps + tap, in = c * voxels + v;
                    size_t row = v / low[2], line = row % low[1] * 2 + tap / 2 % 2;
                    size_t plane = row / low[1] * up[0] + tap / 4;
                    size_t out = ((k * high[0] + plane) * high[1] + line) * high[2] + v % low[2] * 2 + tap % 2;
                    y[out] += w[weight] * x[in];
                    dx[in] += w[weight] * dy[out];
                    want[weight] += x[in] * dy[out];
                }

    cropped source = crop(z, s.in_channels, low[0], low[1], low[2], width, random_below(3));
    ck_view read = half ? half_view(&source) : source.view;
    cropped diff_source = crop(0, s.in_channels, low[0], low[1], low[2], width, random_below(3));
    cropped destination = crop(0, s.out_channels, high[0], high[1], high[2], width, random_below(3));
    cropped diff = crop(dy, s.out_channels, high[0], high[1], high[2], width, random_below(3));
    // Padding channels of the destination must be written.
    for (size_t v = 0; v < outs; v++)
        for (int c = s.out_channels; c % width; c++) {
            size_t row = v / high[2];
            destination.view.data[at(&destination.view, width, c, (int)(row / high[1]), (int)(row % high[1]),
                                     (int)(v % high[2]))] = NAN;
        }
    float *packed = aligned(4 * ck_upsampling_weights_count(&s));
    size_t room = ck_upsampling_workspace_count(&s, 0), more = ck_upsampling_workspace_count(&s, 1);
    float *work = aligned(4 * (room > more ? room : more));
    memset(work, 0xff, 4 * (room > more ? room : more));
    ck_upsampling_pack(&s, w, packed, 0);
    ck_view rounded = half_view(&destination);
    ck_upsampling_forward(&s, &read, affine ? scale : 0, affine ? shift : 0, packed, &destination.view, work);
    note(s.isa, forward, relative(values_of(&destination.view, width), y, ny), &s);
    size_t written = 0;
    for (size_t i = 0; i < destination.floats; i++) written += !isnan(destination.buffer[i]);
    if (written != outs * ((s.out_channels + width - 1) / width * width)) {
        printf("FAILED %s up-convolution: wrote %zu values\n", isa_names[s.isa], written);
        failures++;
    }
    ck_upsampling_forward(&s, &read, affine ? scale : 0, affine ? shift : 0, packed, &rounded, work);
    if (!are_rounded(&rounded, &destination)) {
        printf("FAILED %s up-convolution: halves are not rounded\n", isa_names[s.isa]);
        failures++;
    }
    ck_upsampling_pack(&s, w, packed, 1);
    ck_upsampling_backward_data(&s, &diff.view, packed, &diff_source.view);
    note(s.isa, backward_data, relative(values_of(&diff_source.view, width), dx, nx), &s);
    ck_upsampling_backward_weights(&s, &read, affine ? scale : 0, affine ? shift : 0, &diff.view, dw, work);
    for (size_t i = 0; i < nw; i++) got[i] = dw[i];
    note(s.isa, backward_weights, relative(got, want, nw), &s);
    release_all();
}

int check_upsampling(int cases, uint64_t seed) {
    state ^= seed * 0x9e3779b97f4a7c15u;
    int best = ck_isa_resolve(ck_isa_automatic);
    for (int i = 0; i < cases; i++) {
        int large = i % 20 == 0 ? 12 : 6;
        ck_upsampling s = {.threads = 1 + random_below(3),
                           .in_channels = 1 + random_below(70),
                           .out_channels = 1 + random_below(50),
                           .depth = 1 + random_below(large),
                           .height = 1 + random_below(large),
                           .width = 1 + random_below(2 * large),
                           .window_depth = 1 + random_below(2)};
        for (int isa = 1; isa <= best; isa++) {
            s.isa = (ck_isa)isa;
            pass_case(s);
        }
    }
    // A destination that is written past the caches, and weights whose gradient is split by outputs.
    ck_upsampling large = {
        .threads = 2, .in_channels = 3, .out_channels = 16, .depth = 18, .height = 32, .width = 64, .window_depth = 2};
    ck_upsampling wide = {
        .threads = 2, .in_channels = 96, .out_channels = 400, .depth = 2, .height = 3, .width = 4, .window_depth = 2};
    for (int isa = 1; isa <= best && cases >= 100; isa++) {
        large.isa = wide.isa = (ck_isa)isa;
        pass_case(large);
        pass_case(wide);
    }
    for (int isa = 1; isa <= best; isa++)
        printf("upsampling  %-8s worst relative error %.1e forward, %.1e backward data, %.1e backward weights\n",
               isa_names[isa], worst[isa - 1][forward], worst[isa - 1][backward_data],
               worst[isa - 1][backward_weights]);
    return failures;
}
