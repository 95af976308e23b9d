// The passes of convolutions against sums in float64.
#include "checks.h"
#include "ck_convolution.h"
#include "support.h"

enum { offset_kind = 1, sums_kind = 2 };

static double worst[3][3][3];  // instruction set, pass, kind
static int failures;

typedef struct {
    ck_conv_shape s;
    int oz, oy, ox, in;
} problem;

static void reference(const problem *p, const double *x, const double *w, const double *dy, double *y, double *dx,
                      double *dw) {
    const ck_conv_shape *s = &p->s;
    int kd = s->kernel_depth, pz = kd == 3 ? s->padding : 0, q = s->padding;
    size_t plane = (size_t)s->height * s->width, outplane = (size_t)p->oy * p->ox;
    for (int k = 0; k < s->out_channels; k++)
        for (int c = 0; c < p->in; c++)
            for (int i = 0; i < kd; i++)
                for (int j = 0; j < 3; j++)
                    for (int l = 0; l < 3; l++) {
                        size_t index = (((size_t)(k * p->in + c) * kd + i) * 3 + j) * 3 + l;
                        double sum = 0, weight = w[index];
                        for (int z = 0; z < p->oz; z++)
                            for (int v = 0; v < p->oy; v++)
                                for (int u = 0; u < p->ox; u++) {
                                    int a = z + i - pz, b = v + j - q, e = u + l - q;
                                    if (a < 0 || b < 0 || e < 0 || a >= s->depth || b >= s->height || e >= s->width)
                                        continue;
                                    size_t in = ((size_t)c * s->depth + a) * plane + (size_t)b * s->width + e;
                                    size_t out = ((size_t)k * p->oz + z) * outplane + (size_t)v * p->ox + u;
                                    y[out] += weight * x[in];
                                    dx[in] += weight * dy[out];
                                    sum += x[in] * dy[out];
                                }
                        dw[index] = sum;
                    }
}

static void note(int isa, int pass, int kind, double error, const problem *p, const char *what) {
    if (!(error <= worst[isa - 1][pass][kind])) worst[isa - 1][pass][kind] = error;
    if (!(error <= 1e-4)) {
        failures++;
        const ck_conv_shape *s = &p->s;
        printf(
            "FAILED %s isa %d: error %.2e, channels %d+%d -> %d, source %dx%dx%d, kernel depth %d, padding %d, "
            "plain %d\n",
            what, isa, error, s->segment_channels[0], s->segments > 1 ? s->segment_channels[1] : 0, s->out_channels,
            s->depth, s->height, s->width, s->kernel_depth, s->padding, s->plain);
    }
}

static void plain_case(int isa, ck_conv_shape s, ck_conv_options o, int kind) {
    problem p = {.s = s};
    int lost = 2 - 2 * s.padding;
    p.oz = s.depth - (s.kernel_depth == 3 ? lost : 0), p.oy = s.height - lost, p.ox = s.width - lost;
    p.in = s.segment_channels[0] + (s.segments > 1 ? s.segment_channels[1] : 0);
    o.isa = (ck_isa)isa;
    ck_conv_plan *plan = ck_conv_plan_create(&s, &o);
    if (!plan) {
        printf("FAILED: no plan\n");
        failures++;
        return;
    }
    int width = ck_conv_block(plan), taps = 9 * s.kernel_depth, pro = random_below(2), relu = random_below(2),
        bias = random_below(2);
    size_t voxels = (size_t)s.depth * s.height * s.width, outs = (size_t)p.oz * p.oy * p.ox;
    size_t nx = voxels * p.in, ny = outs * s.out_channels, nw = (size_t)taps * p.in * s.out_channels;
    double offset = kind == offset_kind ? 100 : 0;  // far from zero, so that cancellation shows
    double *raw = random_tensor(nx, 2), *w = random_tensor(nw, 1), *dy = random_tensor(ny, 1), *x = aligned(nx * 8);
    for (size_t i = 0; i < nx; i++) raw[i] = (float)(raw[i] + offset);
    int half = p.in > 4 && random_below(2);
    if (half) round_to_halves(raw, nx);
    float *scale = aligned(4 * p.in), *shift = aligned(4 * p.in), *fw = aligned(4 * nw),
          *fb = aligned(4 * s.out_channels);
    for (int i = 0; i < p.in; i++) scale[i] = random_value() + 1, shift[i] = random_value();
    for (size_t i = 0; i < nw; i++) fw[i] = (float)w[i];
    for (int i = 0; i < s.out_channels; i++) fb[i] = random_value();
    for (size_t i = 0; i < nx; i++)
        x[i] = pro ? fmax(0, (float)raw[i] * (double)scale[i / voxels] + shift[i / voxels]) : raw[i];
    double *y = cleared(ny * 8), *dx = cleared(nx * 8), *dw = cleared(nw * 8), *db = cleared(8 * s.out_channels);
    reference(&p, x, w, dy, y, dx, dw);

    cropped source[2], diff_source[2];
    ck_view views[2], diff_views[2];
    ck_conv_prologue prologue = {0};
    int accumulate[2] = {random_below(2), random_below(2)}, first = 0;
    float *plain = 0;
    for (int i = 0; i < s.segments; i++) {
        source[i] = crop(raw + first * voxels, s.segment_channels[i], s.depth, s.height, s.width, width,
                         random_below(3));
        diff_source[i] = crop(raw + first * voxels, s.segment_channels[i], s.depth, s.height, s.width, width,
                              random_below(3));
        views[i] = half ? half_view(source + i) : source[i].view, diff_views[i] = diff_source[i].view;
        if (pro) prologue.scale[i] = scale + first, prologue.shift[i] = shift + first;
        first += s.segment_channels[i];
    }
    if (s.plain) {
        plain = aligned(nx * 4);
        for (size_t i = 0; i < nx; i++) plain[i] = (float)raw[i];
        views[0] = (ck_view){plain,  p.in, s.depth, s.height, s.width, (ptrdiff_t)voxels, (ptrdiff_t)s.height * s.width,
                             s.width, 0};
    }
    cropped destination = crop(0, s.out_channels, p.oz, p.oy, p.ox, width, random_below(3));
    cropped diff = crop(dy, s.out_channels, p.oz, p.oy, p.ox, width, random_below(3));
    // Padding channels of the destination must be written.
    for (int z = 0; z < p.oz; z++)
        for (int v = 0; v < p.oy; v++)
            for (int u = 0; u < p.ox; u++)
                for (int c = s.out_channels; c % width; c++)
                    destination.view.data[at(&destination.view, width, c, z, v, u)] = NAN;
    float *u = aligned(ck_conv_weights_bytes(plan, 0)), *ub = aligned(ck_conv_weights_bytes(plan, 1));
    void *work = poisoned(ck_conv_workspace_bytes(plan, ck_pass_forward));
    ck_conv_transform_weights(plan, fw, u, 0);
    ck_conv_transform_weights(plan, fw, ub, 1);
    double *sums = cleared(16 * s.out_channels), *want = cleared(16 * s.out_channels);
    ck_conv_epilogue epilogue = {
        .bias = bias ? fb : 0, .relu = relu, .sums = sums, .sums_of_squares = sums + s.out_channels};
    ck_view rounded = half_view(&destination);
    ck_conv_forward(plan, views, &prologue, u, &epilogue, &rounded, work);
    ck_conv_forward(plan, views, &prologue, u, &epilogue, &destination.view, work);
    if (!are_rounded(&rounded, &destination)) {
        printf("FAILED isa %d: halves are not rounded\n", isa);
        failures++;
    }

    double *got = aligned((ny > nx ? ny : nx) * 8 + 8);
    size_t written = 0;
    for (size_t i = 0; i < ny; i++) {
        int k = (int)(i / outs);
        size_t v = i % outs;
        double r = y[i] + (bias ? fb[k] : 0);
        y[i] = relu ? fmax(r, 0) : r;
        want[k] += y[i], want[s.out_channels + k] += y[i] * y[i];
        got[i] = destination.view.data[at(&destination.view, width, k, (int)(v / (p.oy * p.ox)), (int)(v / p.ox % p.oy),
                                          (int)(v % p.ox))];
    }
    note(isa, 0, kind, relative(got, y, ny), &p, "forward");
    note(isa, 0, sums_kind, relative(sums, want, 2 * s.out_channels), &p, "sums");
    for (size_t i = 0; i < destination.floats; i++) written += !isnan(destination.buffer[i]);
    if (written != outs * ((s.out_channels + width - 1) / width * width)) {
        printf("FAILED: wrote %zu values\n", written);
        failures++;
    }

    work = poisoned(ck_conv_workspace_bytes(plan, ck_pass_backward_data));
    ck_conv_backward_data(plan, &diff.view, ub, diff_views, accumulate, work);
    first = 0;
    for (int i = 0; i < s.segments; i++) {
        size_t n = voxels * s.segment_channels[i];
        for (size_t j = 0; j < n; j++) {
            size_t v = j % voxels;
            int c = (int)(j / voxels);
            got[j] = diff_views[i].data[at(diff_views + i, width, c, (int)(v / (s.height * s.width)),
                                           (int)(v / s.width % s.height), (int)(v % s.width))];
            if (accumulate[i]) dx[first * voxels + j] += raw[first * voxels + j];
        }
        note(isa, 1, kind, relative(got, dx + first * voxels, n), &p, "backward data");
        first += s.segment_channels[i];
    }

    work = poisoned(ck_conv_workspace_bytes(plan, ck_pass_backward_weights));
    float *gw = aligned(nw * 4), *gb = aligned(s.out_channels * 4);
    memset(gw, 0xff, nw * 4);
    ck_conv_backward_weights(plan, views, &prologue, &diff.view, gw, gb, work);
    double *gotw = aligned(nw * 8), *gotb = aligned(s.out_channels * 8);
    for (size_t i = 0; i < nw; i++) gotw[i] = gw[i];
    for (size_t i = 0; i < ny; i++) db[i / outs] += dy[i];
    for (int i = 0; i < s.out_channels; i++) gotb[i] = gb[i];
    note(isa, 2, kind, relative(gotw, dw, nw), &p, "backward weights");
    note(isa, 2, sums_kind, relative(gotb, db, s.out_channels), &p, "backward bias");

    // The same again must give the same bits.
    float *again = aligned(nw * 4);
    ck_conv_backward_weights(plan, views, &prologue, &diff.view, again, gb, work);
    if (memcmp(again, gw, nw * 4)) {
        printf("FAILED: not deterministic\n");
        failures++;
    }
    release_all();
    ck_conv_plan_destroy(plan);
}

static void random_case(int index, int best) {
    ck_conv_shape s = {.segments = 1 + (random_below(3) == 0), .out_channels = 1 + random_below(40)};
    s.segment_channels[0] = 1 + random_below(40);
    s.segment_channels[1] = s.segments > 1 ? 1 + random_below(40) : 0;
    s.kernel_depth = random_below(4) ? 3 : 1;
    s.padding = random_below(2);
    int least = s.padding ? 1 : 3, large = index % 20 == 0 ? 26 : index % 8 == 0 ? 14 : 9;
    s.depth = (s.kernel_depth == 3 ? least : 1) + random_below(large);
    s.height = least + random_below(large);
    s.width = least + random_below(large);
    ck_conv_options o = {.threads = 1 + random_below(3)};
    if (s.segments == 1 && random_below(3) == 0) {
        s.segment_channels[0] = 1 + random_below(4);
        s.plain = random_below(2);
        o.algorithm = s.plain || random_below(2) ? ck_algorithm_direct : ck_algorithm_winograd;
    }
    o.fusion = (ck_fusion)random_below(3);
    for (int axis = 0; axis < 3; axis++) o.tile[axis] = 2 * random_below(3);
    if (random_below(2)) o.tile_block = 1 + random_below(20), o.channel_block = 1 + random_below(3);
    for (int isa = 1; isa <= best; isa++) plain_case(isa, s, o, index % 5 == 0 ? offset_kind : 0);
}

// Destinations large enough to be written past the caches, and layers wide enough for fused weights.
static void large_cases(int best) {
    ck_conv_shape plain = {.segments = 1,
                           .segment_channels = {2},
                           .out_channels = 20,
                           .depth = 60,
                           .height = 60,
                           .width = 61,
                           .kernel_depth = 3,
                           .padding = 1,
                           .plain = 1};
    ck_conv_shape streamed = plain, wide = plain, two = plain;
    streamed.segment_channels[0] = 3, streamed.plain = 0;
    wide.segment_channels[0] = 70, wide.out_channels = 90, wide.plain = 0;
    wide.depth = 9, wide.height = 12, wide.width = 10;
    two.segments = 2, two.segment_channels[0] = 40, two.segment_channels[1] = 50, two.out_channels = 70;
    two.depth = 6, two.height = 7, two.width = 8, two.padding = 0, two.plain = 0;
    for (int isa = 1; isa <= best; isa++) {
        plain_case(isa, plain, (ck_conv_options){.threads = 2}, 0);
        plain_case(isa, streamed, (ck_conv_options){.threads = 2, .algorithm = ck_algorithm_winograd}, 0);
        plain_case(isa, wide, (ck_conv_options){.threads = 2}, 0);
        plain_case(isa, two, (ck_conv_options){.threads = 2}, 0);
    }
}

int check_convolution(int cases, uint64_t seed) {
    state ^= seed * 0x9e3779b97f4a7c15u;
    int best = ck_isa_resolve(ck_isa_automatic);
    for (int i = 0; i < cases; i++) random_case(i, best);
    if (cases >= 100) large_cases(best);
    const char *passes[] = {"forward", "backward data", "backward weights"};
    for (int isa = 1; isa <= best; isa++)
        for (int pass = 0; pass < 3; pass++)
            printf("convolution %-8s %-16s worst relative error %.1e, %.1e offset by 100, %.1e sums\n", isa_names[isa],
                   passes[pass], worst[isa - 1][pass][0], worst[isa - 1][pass][offset_kind],
                   worst[isa - 1][pass][sums_kind]);
    return failures;
}
