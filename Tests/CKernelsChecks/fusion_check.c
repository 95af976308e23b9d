// Up-convolutions fused with the convolution after them: the passes, and the fused weights, against sums in float64.
#include "checks.h"
#include "ck_convolution.h"
#include "ck_upsampling_fusion.h"
#include "support.h"

static double worst[3][3];  // instruction set, pass
static int failures;

static void note(int isa, int pass, double error, const ck_conv_shape *s) {
    const char *passes[] = {"forward", "backward data", "backward weights"};
    worst[isa - 1][pass] = fmax(worst[isa - 1][pass], error);
    if (error <= 1e-4) return;
    failures++;
    printf("FAILED fused %s %s: error %.2e, channels %d -> %d, source %dx%dx%d, kernel depth %d, window depth %d\n",
           isa_names[isa], passes[pass], error, s->segment_channels[0], s->out_channels, s->depth, s->height, s->width,
           s->kernel_depth, s->window_depth);
}

// A convolution of an up-convolved source, with weights for every parity, against sums in float64.
static void pass_case(int isa, ck_conv_shape s, ck_conv_options o) {
    o.isa = (ck_isa)isa;
    ck_conv_plan *plan = ck_conv_plan_create(&s, &o);
    if (!plan) {
        printf("FAILED: no fused plan\n");
        failures++;
        return;
    }
    int parities = 4 * s.window_depth, taps = 9 * s.kernel_depth, width = ck_conv_block(plan),
        in = s.segment_channels[0];
    int rows = s.weight_inputs ? s.weight_inputs : in, up[3] = {s.window_depth, 2, 2};
    int low[3] = {s.depth, s.height, s.width}, high[3] = {low[0] * up[0], low[1] * up[1], low[2] * up[2]};
    size_t voxels = (size_t)low[0] * low[1] * low[2], outs = (size_t)high[0] * high[1] * high[2];
    size_t nx = voxels * in, ny = outs * s.out_channels, nw = (size_t)parities * s.out_channels * rows * taps;
    double *x = random_tensor(nx, 2), *dy = random_tensor(ny, 1), *w = random_tensor(nw, 1), *y0 = random_tensor(ny, 1);
    int half = in > 4 && random_below(2);
    if (half) round_to_halves(x, nx), round_to_halves(y0, ny);
    double *y = cleared(ny * 8), *dx = cleared(nx * 8), *dw = cleared(nw * 8);
    for (size_t i = 0; i < nw; i++) {
        int tap[3] = {(int)(i % taps) / 9, (int)(i % taps) / 3 % 3, (int)(i % taps) % 3},
            parity = (int)(i / taps / rows / s.out_channels);
        int odd[3] = {parity >> 2, parity >> 1 & 1, parity & 1};
        for (int axis = 0; axis < 3; axis++)
            if (up[axis] == 2 && tap[axis] == (odd[axis] ? 0 : 2)) w[i] = 0;
    }
    for (int parity = 0; parity < parities; parity++)
        for (int k = 0; k < s.out_channels; k++)
            for (int c = 0; c < in; c++)
                for (int tap = 0; tap < taps; tap++) {
                    size_t index = ((size_t)(parity * s.out_channels + k) * rows + c) * taps + tap;
                    int i = tap / 9 - (s.kernel_depth == 3), j = tap / 3 % 3 - 1, l = tap % 3 - 1;
                    double sum = 0;
                    for (int a = 0; a < low[0]; a++)
                        for (int b = 0; b < low[1]; b++)
                            for (int e = 0; e < low[2]; e++) {
                                int z = a + i, v = b + j, u = e + l;
                                if (z < 0 || v < 0 || u < 0 || z >= low[0] || v >= low[1] || u >= low[2]) continue;
                                size_t from = ((size_t)c * low[0] + z) * low[1] * low[2] + (size_t)v * low[2] + u;
                                size_t to = (((size_t)k * high[0] + a * up[0] + (parity >> 2)) * high[1] + b * 2 +
                                             (parity >> 1 & 1)) *
                                                high[2] +
                                            e * 2 + (parity & 1);
                                y[to] += w[index] * x[from];
                                dx[from] += w[index] * dy[to];
                                sum += x[from] * dy[to];
                            }
                    dw[index] = sum;
                }
    cropped source = crop(x, in, low[0], low[1], low[2], width, random_below(3));
    ck_view read = half ? half_view(&source) : source.view;
    cropped diff_source = crop(0, in, low[0], low[1], low[2], width, random_below(3));
    int accumulate = random_below(2);
    cropped destination = crop(accumulate ? y0 : 0, s.out_channels, high[0], high[1], high[2], width, random_below(3));
    cropped diff = crop(dy, s.out_channels, high[0], high[1], high[2], width, random_below(3));
    float *fw = aligned(4 * nw), *gw = aligned(4 * nw), *u = aligned(ck_conv_weights_bytes(plan, 0)),
          *ub = aligned(ck_conv_weights_bytes(plan, 1));
    for (size_t i = 0; i < nw; i++) fw[i] = (float)w[i];
    void *work = poisoned(ck_conv_workspace_bytes(plan, ck_pass_forward));
    ck_conv_transform_weights(plan, fw, u, 0);
    ck_conv_transform_weights(plan, fw, ub, 1);
    ck_conv_epilogue epilogue = {.accumulate = accumulate};
    ck_view rounded = half_view(&destination);
    ck_conv_forward(plan, &read, 0, u, &epilogue, &destination.view, work);
    ck_conv_forward(plan, &read, 0, u, &epilogue, &rounded, work);
    if ((half || !accumulate) && !are_rounded(&rounded, &destination)) {
        printf("FAILED %s fused: halves are not rounded\n", isa_names[isa]);
        failures++;
    }
    double *got = aligned((ny > nx ? ny : nx) * 8 + nw * 8);
    for (size_t i = 0; i < ny; i++) {
        size_t v = i % outs;
        if (accumulate) y[i] += y0[i];
        got[i] = destination.view.data[at(&destination.view, width, (int)(i / outs), (int)(v / high[1] / high[2]),
                                          (int)(v / high[2] % high[1]), (int)(v % high[2]))];
    }
    note(isa, 0, relative(got, y, ny), &s);
    work = poisoned(ck_conv_workspace_bytes(plan, ck_pass_backward_data));
    ck_conv_backward_data(plan, &diff.view, ub, &diff_source.view, 0, work);
    for (size_t i = 0; i < nx; i++) {
        size_t v = i % voxels;
        got[i] = diff_source.view.data[at(&diff_source.view, width, (int)(i / voxels), (int)(v / low[1] / low[2]),
                                          (int)(v / low[2] % low[1]), (int)(v % low[2]))];
    }
    note(isa, 1, relative(got, dx, nx), &s);
    work = poisoned(ck_conv_workspace_bytes(plan, ck_pass_backward_weights));
    ck_conv_backward_weights(plan, &read, 0, &diff.view, gw, 0, work);
    for (size_t i = 0; i < nw; i++)
        got[i] = (i / taps) % rows < (size_t)in && w[i] != 0 ? gw[i] : 0, dw[i] = w[i] != 0 ? dw[i] : 0;
    note(isa, 2, relative(got, dw, nw), &s);
    release_all();
    ck_conv_plan_destroy(plan);
}

// Fused weights are the product of both: what an impulse at a voxel of the source gives, by one and by both after each
// other, in one dimension for each axis. Weights of the gradient come back where they came from.
static void weights_case(void) {
    ck_upsampling_fusion s = {.in = 1 + random_below(5), .mid = 1 + random_below(5), .out = 1 + random_below(5)};
    s.inputs = s.mid + random_below(3), s.kernel_depth = random_below(2) ? 3 : 1, s.threads = 1 + random_below(3);
    s.window_depth = s.kernel_depth == 3 ? 1 + random_below(2) : 1;
    int taps = 9 * s.kernel_depth, window = 4 * s.window_depth, deep = s.window_depth == 2;
    size_t pairs = (size_t)s.in * s.mid, columns = (size_t)s.out * taps, n = (size_t)window * s.in * columns;
    float *up = random_floats(pairs * window, 1), *kernel = random_floats((size_t)s.out * s.inputs * taps, 1);
    float *a = aligned(4 * pairs * window), *b = aligned(4 * s.mid * columns), *fused = cleared(4 * n);
    float *products = aligned(4 * s.in * columns), *back = aligned(4 * s.in * columns);
    double *want = cleared(8 * n), *got = aligned(8 * n);
    ck_upsampling_fusion_window(&s, up, a);
    ck_upsampling_fusion_kernel(&s, kernel, b);
    for (int q = 0; q < window; q++) {
        for (int i = 0; i < s.in; i++)
            for (size_t column = 0; column < columns; column++) {
                float sum = 0;
                for (int m = 0; m < s.mid; m++) sum += a[q * pairs + i * s.mid + m] * b[m * columns + column];
                products[i * columns + column] = sum;
            }
        ck_upsampling_fusion_add(&s, q, products, fused);
    }
    for (int k = 0; k < s.out; k++)
        for (int i = 0; i < s.in; i++)
            for (int q = 0; q < window; q++)
                for (int t = 0; t < taps; t++) {
                    // A tap that reads what the window's tap q painted: see Documentation/Winograd.md.
                    int on[3] = {q / 4, q / 2 % 2, q % 2}, tap[3] = {t / 9, t / 3 % 3, t % 3}, parity = 0, to = 0;
                    for (int axis = 0; axis < 3; axis++) {
                        int doubled = axis > 0 || deep, p = doubled ? (tap[axis] + on[axis] + 1) % 2 : 0;
                        parity = axis > 0 || deep ? 2 * parity + p : parity;
                        to = 3 * to + (doubled ? (p + tap[axis] + 1) / 2 : tap[axis]);
                    }
                    double sum = 0;
                    for (int m = 0; m < s.mid; m++)
                        sum += (double)up[(i * s.mid + m) * window + q] * kernel[(k * s.inputs + m) * taps + t];
                    want[(((size_t)parity * s.out + k) * s.in + i) * taps + to] += sum;
                }
    for (size_t i = 0; i < n; i++) got[i] = fused[i];
    if (relative(got, want, n) > 1e-5)
        printf("FAILED: fused weights, error %.2e\n", relative(got, want, n)), failures++;

    // `take` is the transpose of `add`: (add x, y) = (x, take y).
    double left = 0, right = 0;
    int q = random_below(window);
    float *x = random_floats(s.in * columns, 1), *y = random_floats(n, 1);
    memset(fused, 0, 4 * n);
    ck_upsampling_fusion_add(&s, q, x, fused);
    ck_upsampling_fusion_take(&s, q, y, back);
    for (size_t i = 0; i < n; i++) left += (double)fused[i] * y[i];
    for (size_t i = 0; i < s.in * columns; i++) right += (double)x[i] * back[i];
    float *up_back = aligned(4 * pairs * window), *kernel_back = aligned(4 * (size_t)s.out * s.inputs * taps);
    memcpy(kernel_back, kernel, 4 * (size_t)s.out * s.inputs * taps);
    ck_upsampling_fusion_window_back(&s, a, up_back);
    ck_upsampling_fusion_kernel_back(&s, b, kernel_back);
    if (fabs(left - right) > 1e-5 * (1 + fabs(left)) || memcmp(up, up_back, 4 * pairs * window) ||
        memcmp(kernel, kernel_back, 4 * (size_t)s.out * s.inputs * taps)) {
        printf("FAILED: the way back from fused weights\n");
        failures++;
    }
    release_all();
}

int check_fusion(int cases, uint64_t seed) {
    state ^= seed * 0x9e3779b97f4a7c15u;
    int best = ck_isa_resolve(ck_isa_automatic);
    for (int i = 0; i < cases; i++) {
        int large = i % 20 == 0 ? 26 : i % 8 == 0 ? 14 : 9, depth = random_below(4) ? 3 : 1;
        ck_conv_shape s = {.segments = 1,
                           .segment_channels = {1 + random_below(40)},
                           .out_channels = 1 + random_below(40),
                           .depth = 1 + random_below(large),
                           .height = 1 + random_below(large),
                           .width = 1 + random_below(large),
                           .kernel_depth = depth,
                           .padding = 1,
                           .window_depth = depth == 3 ? 1 + random_below(2) : 1};
        if (random_below(2)) s.weight_inputs = s.segment_channels[0] + random_below(20);
        ck_conv_options o = {.threads = 1 + random_below(3), .fusion = (ck_fusion)random_below(3)};
        for (int axis = 0; axis < 3; axis++) o.tile[axis] = 2 * random_below(3);
        if (random_below(2)) o.tile_block = 1 + random_below(20), o.channel_block = 1 + random_below(3);
        for (int isa = 1; isa <= best; isa++) pass_case(isa, s, o);
        weights_case();
    }
    for (int isa = 1; isa <= best; isa++)
        printf("fusion      %-8s worst relative error %.1e forward, %.1e backward data, %.1e backward weights\n",
               isa_names[isa], worst[isa - 1][0], worst[isa - 1][1], worst[isa - 1][2]);
    return failures;
}
