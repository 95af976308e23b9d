// Compares the kernels with oneDNN's f32 convolutions (blocked layouts) on the U-Net's layers, `same` padding, batch 1.
// Arguments: base (16 or 32), extent (64), threads (1), repetitions (5), substring of the layer names, tile block,
// channel block. Prints effective GFLOP/s (FLOPs of direct convolution over the least time of the repetitions) and the
// ratio per pass.
#include <oneapi/dnnl/dnnl.h>
#include <sys/mman.h>
#include <time.h>

#include "support.h"

#define TRY(call)                                          \
    do {                                                   \
        dnnl_status_t status = (call);                     \
        if (status) {                                      \
            printf("%s: status %d\n", #call, (int)status); \
            exit(1);                                       \
        }                                                  \
    } while (0)

static int threads, repetitions;
static dnnl_engine_t engine;
static dnnl_stream_t stream;

// Wall time. With one thread its CPU time, which neighbours disturb less; CK_CLOCK=cpu takes the mean CPU time of the
// threads.
static double now(void) {
    static int cpu = -1;
    if (cpu < 0) cpu = getenv("CK_CLOCK") != 0;
    struct timespec t;
    clock_gettime(threads == 1 ? CLOCK_THREAD_CPUTIME_ID : cpu ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return (t.tv_sec + 1e-9 * t.tv_nsec) / (cpu ? threads : 1);
}

static void *huge(size_t bytes) {
    void *p = 0;
    bytes = (bytes + (2 << 20) - 1) >> 21 << 21;
    if (posix_memalign(&p, 2 << 20, bytes)) abort();
    madvise(p, bytes, MADV_HUGEPAGE);
    memset(p, 0, bytes);
    return p;
}

static dnnl_memory_t memory_of(const_dnnl_primitive_desc_t pd, dnnl_query_t what, int index, float scale) {
    const dnnl_memory_desc_t *md = dnnl_primitive_desc_query_md(pd, what, index);
    dnnl_memory_t m;
    size_t bytes = dnnl_memory_desc_get_size(md);
    float *data = huge(bytes);
    for (size_t i = 0; i < bytes / 4; i++) data[i] = random_value() * scale;
    TRY(dnnl_memory_create(&m, md, engine, data));
    return m;
}

static void release(dnnl_memory_t m) {
    void *p;
    TRY(dnnl_memory_get_data_handle(m, &p));
    dnnl_memory_destroy(m);
    free(p);
}

// Seconds of oneDNN's passes: forward, backward data, backward weights.
static void time_onednn(int in, int out, const int *extent, double *seconds) {
    dnnl_dims_t xs = {1, in, extent[0], extent[1], extent[2]}, ws = {out, in, 3, 3, 3},
                ys = {1, out, extent[0], extent[1], extent[2]};
    dnnl_dims_t ones = {1, 1, 1}, bs = {out};
    dnnl_memory_desc_t x, w, y, b;
    TRY(dnnl_memory_desc_init_by_tag(&x, 5, xs, dnnl_f32, dnnl_format_tag_any));
    TRY(dnnl_memory_desc_init_by_tag(&w, 5, ws, dnnl_f32, dnnl_format_tag_any));
    TRY(dnnl_memory_desc_init_by_tag(&y, 5, ys, dnnl_f32, dnnl_format_tag_any));
    TRY(dnnl_memory_desc_init_by_tag(&b, 1, bs, dnnl_f32, dnnl_x));
    dnnl_convolution_desc_t fd, dd, wd;
    TRY(dnnl_convolution_forward_desc_init(&fd, dnnl_forward_training, dnnl_convolution_direct, &x, &w, &b, &y, ones,
                                           ones, ones));
    TRY(dnnl_convolution_backward_data_desc_init(&dd, dnnl_convolution_direct, &x, &w, &y, ones, ones, ones));
    TRY(dnnl_convolution_backward_weights_desc_init(&wd, dnnl_convolution_direct, &x, &w, &b, &y, ones, ones, ones));
    dnnl_primitive_desc_t pd[3];
    TRY(dnnl_primitive_desc_create(&pd[0], &fd, 0, engine, 0));
    TRY(dnnl_primitive_desc_create(&pd[1], &dd, 0, engine, pd[0]));
    TRY(dnnl_primitive_desc_create(&pd[2], &wd, 0, engine, pd[0]));
    for (int pass = 0; pass < 3; pass++) {
        dnnl_primitive_t primitive;
        TRY(dnnl_primitive_create(&primitive, pd[pass]));
        dnnl_exec_arg_t arguments[4];
        int count = 0;
        if (pass != 1)
            arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_SRC, memory_of(pd[pass], dnnl_query_src_md, 0, 1)};
        if (pass == 1)
            arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_DIFF_SRC,
                                                   memory_of(pd[pass], dnnl_query_diff_src_md, 0, 1)};
        if (pass != 2)
            arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_WEIGHTS,
                                                   memory_of(pd[pass], dnnl_query_weights_md, 0, 0.1f)};
        if (pass == 0)
            arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_BIAS, memory_of(pd[pass], dnnl_query_weights_md, 1, 1)};
        if (pass == 0)
            arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_DST, memory_of(pd[pass], dnnl_query_dst_md, 0, 1)};
        if (pass != 0)
            arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_DIFF_DST,
                                                   memory_of(pd[pass], dnnl_query_diff_dst_md, 0, 1)};
        if (pass == 2)
            arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_DIFF_WEIGHTS,
                                                   memory_of(pd[pass], dnnl_query_diff_weights_md, 0, 1)};
        if (pass == 2)
            arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_DIFF_BIAS,
                                                   memory_of(pd[pass], dnnl_query_diff_weights_md, 1, 1)};
        seconds[pass] = 1e9;
        for (int i = 0; i < repetitions; i++) {
            double start = now();
            TRY(dnnl_primitive_execute(primitive, stream, count, arguments));
            TRY(dnnl_stream_wait(stream));
            seconds[pass] = fmin(seconds[pass], now() - start);
        }
        for (int i = 0; i < count; i++) release(arguments[i].memory);
        dnnl_primitive_destroy(primitive);
    }
    for (int pass = 0; pass < 3; pass++) dnnl_primitive_desc_destroy(pd[pass]);
}

static ck_view blank(int channels, const int *e, int width) {
    int blocks = (channels + width - 1) / width;
    ck_view v = {0, channels, e[0], e[1], e[2], 0, 0, 0, 0};
    v.row_stride = (ptrdiff_t)e[2] * width, v.plane_stride = v.row_stride * e[1],
    v.block_stride = v.plane_stride * e[0];
    v.data = huge((size_t)v.block_stride * blocks * 4);
    for (size_t i = 0; i < (size_t)v.block_stride * blocks; i++) v.data[i] = random_value();
    return v;
}

// Seconds of the kernels' passes; the weights' transforms (both, then in `transforms`) apart.
static void time_kernels(const ck_conv_shape *s, const ck_conv_options *o, double *seconds, double *transforms,
                         char *name) {
    ck_conv_plan *plan = ck_conv_plan_create(s, o);
    if (!plan) exit(printf("no plan\n"));
    strcpy(name, ck_conv_describe(plan));
    int e[3] = {s->depth, s->height, s->width},
        in = s->segment_channels[0] + (s->segments > 1 ? s->segment_channels[1] : 0);
    int width = ck_conv_block(plan);
    size_t n = (size_t)9 * s->kernel_depth * in * s->out_channels;
    ck_view x[2], dx[2], y = blank(s->out_channels, e, width);
    for (int i = 0; i < s->segments; i++)
        x[i] = blank(s->segment_channels[i], e, width), dx[i] = blank(s->segment_channels[i], e, width);
    if (s->plain)
        x[0].row_stride = e[2], x[0].plane_stride = (ptrdiff_t)e[1] * e[2],
        x[0].block_stride = x[0].plane_stride * e[0];
    float *w = huge(n * 4), *dw = huge(n * 4), *u = huge(ck_conv_weights_bytes(plan, 0)),
          *ub = huge(ck_conv_weights_bytes(plan, 1));
    float *b = huge(4096 * 4), *db = huge(4096 * 4);
    float *ones = huge(4096 * 4);
    for (int i = 0; i < 4096; i++) ones[i] = 1;
    ck_conv_prologue affine = {{ones, ones}, {b, b}}, none = {0}, *prologue = getenv("CK_PROLOGUE") ? &affine : &none;
    double *sums = huge(4096 * 8), *squares = huge(4096 * 8);
    void *work[3];
    for (int pass = 0; pass < 3; pass++) work[pass] = huge(ck_conv_workspace_bytes(plan, (ck_pass)pass));
    for (size_t i = 0; i < n; i++) w[i] = random_value() * 0.1f;
    ck_conv_epilogue epilogue = {.bias = b, .sums = sums, .sums_of_squares = squares};
    for (int pass = 0; pass < 3; pass++) seconds[pass] = 1e9;
    transforms[0] = transforms[1] = 1e9;
    for (int i = 0; i < repetitions; i++) {
        double t0 = now();
        ck_conv_transform_weights(plan, w, u, 0);
        double t1 = now();
        ck_conv_forward(plan, x, prologue, u, &epilogue, &y, work[0]);
        double t2 = now();
        ck_conv_transform_weights(plan, w, ub, 1);
        double t3 = now();
        ck_conv_backward_data(plan, &y, ub, dx, 0, work[1]);
        double t4 = now();
        ck_conv_backward_weights(plan, x, prologue, &y, dw, db, work[2]);
        double t5 = now();
        seconds[0] = fmin(seconds[0], t2 - t1), seconds[1] = fmin(seconds[1], t4 - t3),
        seconds[2] = fmin(seconds[2], t5 - t4);
        transforms[0] = fmin(transforms[0], t1 - t0), transforms[1] = fmin(transforms[1], t3 - t2);
    }
    for (int i = 0; i < s->segments; i++) free(x[i].data), free(dx[i].data);
    free(y.data), free(w), free(dw), free(u), free(ub), free(b), free(db), free(sums), free(squares), free(ones);
    for (int pass = 0; pass < 3; pass++) free(work[pass]);
    ck_conv_plan_destroy(plan);
}

int main(int argc, char **argv) {
    int base = argc > 1 ? atoi(argv[1]) : 32, extent = argc > 2 ? atoi(argv[2]) : 64;
    threads = argc > 3 ? atoi(argv[3]) : 1, repetitions = argc > 4 ? atoi(argv[4]) : 5;
    const char *only = argc > 5 ? argv[5] : "";
    ck_parallel_set_width(threads);
    TRY(dnnl_engine_create(&engine, dnnl_cpu, 0));
    TRY(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags));
    struct {
        const char *name;
        int level, first, second, out;
    } layers[] = {{"e0a", 0, 0, 0, 1}, {"e0b", 0, 1, 0, 2}, {"d0a", 0, 2, 4, 2},  {"d0b", 0, 2, 0, 2},
                  {"e1a", 1, 2, 0, 2}, {"e1b", 1, 2, 0, 4}, {"d1a", 1, 4, 8, 4},  {"d1b", 1, 4, 0, 4},
                  {"e2a", 2, 4, 0, 4}, {"e2b", 2, 4, 0, 8}, {"d2a", 2, 8, 16, 8}, {"d2b", 2, 8, 0, 8},
                  {"e3a", 3, 8, 0, 8}, {"e3b", 3, 8, 0, 16}};
    printf(
        "base %d, %d^3, same, %d threads: effective GFLOP/s forward | backward data | backward weights | all with "
        "weight transforms\n",
        base, extent, threads);
    double all[2] = {0, 0};
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        if (!strstr(layers[i].name, only)) continue;
        int e = extent >> layers[i].level, in = layers[i].first ? (layers[i].first + layers[i].second) * base : 3;
        int out = layers[i].out * base, size[3] = {e, e, e};
        ck_conv_shape s = {.segments = layers[i].second ? 2 : 1,
                           .segment_channels = {layers[i].first ? layers[i].first * base : 3, layers[i].second * base},
                           .out_channels = out,
                           .depth = e,
                           .height = e,
                           .width = e,
                           .kernel_depth = 3,
                           .padding = 1,
                           .plain = !layers[i].first};
        const char *isa = getenv("CK_ISA"), *tile = getenv("CK_TILE");
        ck_conv_options o = {.threads = threads,
                             .isa = isa ? (ck_isa)atoi(isa) : ck_isa_automatic,
                             .tile_block = argc > 6 ? atoi(argv[6]) : 0,
                             .channel_block = argc > 7 ? atoi(argv[7]) : 0};
        if (getenv("CK_FUSION")) o.fusion = (ck_fusion)atoi(getenv("CK_FUSION"));
        if (tile)
            for (int axis = 0; axis < 3; axis++) o.tile[axis] = tile[axis] - '0';
        double theirs[3], ours[3], transforms[2], flops = 2.0 * 27 * in * out * e * e * e;
        char name[96];
        time_onednn(in, out, size, theirs);
        time_kernels(&s, &o, ours, transforms, name);
        printf("%s %4d->%3d %2d^3", layers[i].name, in, out, e);
        int skip = layers[i].first == 0;
        double sum[2] = {0, 0};
        for (int pass = 0; pass < 3; pass++) {
            if (skip && pass == 1) {
                printf(" |                  ");
                continue;
            }
            printf(" | %4.0f %5.0f %5.2fx", flops / theirs[pass] / 1e9, flops / ours[pass] / 1e9,
                   theirs[pass] / ours[pass]);
            sum[0] += theirs[pass], sum[1] += ours[pass];
        }
        sum[1] += transforms[0] + (skip ? 0 : transforms[1]);
        all[0] += sum[0], all[1] += sum[1];
        printf(" | %7.2f %7.2f ms %5.2fx (transforms %.2f %.2f) %s\n", sum[0] * 1e3, sum[1] * 1e3, sum[0] / sum[1],
               transforms[0] * 1e3, transforms[1] * 1e3, name);
        fflush(stdout);
    }
    printf("all: oneDNN %.1f ms, ours %.1f ms, %.2fx\n", all[0] * 1e3, all[1] * 1e3, all[0] / all[1]);
    return 0;
}
