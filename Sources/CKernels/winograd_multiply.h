// The products of one point: register-blocked multiplications of blocked panels.

// rows × (vectors·B) outputs: m[n][row][B] (+)= Σ over channels of v[block][row][channel] · u[channel][n·B].
CK_INLINE void multiply(const int rows, const int vectors, const float *v, ptrdiff_t block_stride, int blocks,
                        const float *u, float *m, ptrdiff_t vector_stride, int add) {
    vec sum[14 * 2];
    CK_UNROLL
    for (int r = 0; r < rows; r++) {
        CK_UNROLL
        for (int n = 0; n < vectors; n++) sum[r * vectors + n] = (vec){};
    }
    for (int block = 0; block < blocks; block++) {
        const float *x = v + block * block_stride, *ahead = x + block_stride;
        for (int channel = 0; channel < CK_WIDTH; channel++, x++, u += vectors * CK_WIDTH) {
            vec y[2];
            __builtin_prefetch(ahead + channel * CK_WIDTH);
            CK_UNROLL
            for (int n = 0; n < vectors; n++) {
                __builtin_prefetch(u + (24 * vectors + n) * CK_WIDTH);
                y[n] = load(u + n * CK_WIDTH);
            }
            CK_UNROLL
            for (int r = 0; r < rows; r++) {
                vec s = broadcast(x[r * CK_WIDTH]);
                CK_UNROLL
                for (int n = 0; n < vectors; n++) sum[r * vectors + n] += s * y[n];
            }
        }
    }
    if (add) {
        CK_UNROLL
        for (int r = 0; r < rows; r++) {
            CK_UNROLL
            for (int n = 0; n < vectors; n++) sum[r * vectors + n] += load(m + n * vector_stride + r * CK_WIDTH);
        }
    }
    CK_UNROLL
    for (int r = 0; r < rows; r++) {
        CK_UNROLL
        for (int n = 0; n < vectors; n++) store(m + n * vector_stride + r * CK_WIDTH, sum[r * vectors + n]);
    }
}

typedef void multiply_function(const float *, ptrdiff_t, int, const float *, float *, ptrdiff_t, int);

#define CK_MULTIPLY(rows)                                                                                           \
    static void multiply_##rows##_1(const float *v, ptrdiff_t s, int blocks, const float *u, float *m, ptrdiff_t t, \
                                    int add) {                                                                      \
        multiply(rows, 1, v, s, blocks, u, m, t, add);                                                              \
    }                                                                                                               \
    static void multiply_##rows##_2(const float *v, ptrdiff_t s, int blocks, const float *u, float *m, ptrdiff_t t, \
                                    int add) {                                                                      \
        multiply(rows, 2, v, s, blocks, u, m, t, add);                                                              \
    }
#define CK_PAIR(rows) {multiply_##rows##_1, multiply_##rows##_2}

CK_MULTIPLY(1)
CK_MULTIPLY(2)
#if CK_ROWS > 2
CK_MULTIPLY(3)
CK_MULTIPLY(4)
CK_MULTIPLY(5)
CK_MULTIPLY(6)
#endif
#if CK_ROWS > 6
CK_MULTIPLY(7)
CK_MULTIPLY(8)
CK_MULTIPLY(9)
CK_MULTIPLY(10)
CK_MULTIPLY(11)
CK_MULTIPLY(12)
CK_MULTIPLY(13)
CK_MULTIPLY(14)
#endif

static multiply_function *const multiply_functions[CK_ROWS][2] = {
    CK_PAIR(1), CK_PAIR(2),
#if CK_ROWS > 2
    CK_PAIR(3), CK_PAIR(4), CK_PAIR(5), CK_PAIR(6),
#endif
#if CK_ROWS > 6
    CK_PAIR(7), CK_PAIR(8), CK_PAIR(9), CK_PAIR(10), CK_PAIR(11), CK_PAIR(12), CK_PAIR(13), CK_PAIR(14),
#endif
};

// All rows of one point.
CK_INLINE void multiply_tiles(int count, int vectors, const float *v, ptrdiff_t block_stride, int blocks,
                              const float *u, float *m, ptrdiff_t vector_stride, int add) {
    int groups = (count + CK_ROWS - 1) / CK_ROWS;
    for (int group = 0; group < groups; group++) {
        int from = ck_share(count, group, groups), rows = ck_share(count, group + 1, groups) - from;
        multiply_functions[rows - 1][vectors - 1](v + from * CK_WIDTH, block_stride, blocks, u, m + from * CK_WIDTH,
                                                  vector_stride, add);
    }
}

// All rows of one point from the input blocks that have anything there, `first` being the first of all `blocks`.
CK_INLINE void multiply_used(const ck_winograd *w, int point, int count, int vectors, const float *v,
                             ptrdiff_t block_stride, int first, int blocks, const float *u, float *m,
                             ptrdiff_t vector_stride, int add) {
    for (int from = 0, end; from < blocks; from = end) {
        int used = ck_block_used(w, first + from, point);
        for (end = from + 1; end < blocks && ck_block_used(w, first + end, point) == used; end++) {}
        if (!used) continue;
        multiply_tiles(count, vectors, v + from * block_stride, block_stride, end - from,
                       u + (ptrdiff_t)from * CK_WIDTH * vectors * CK_WIDTH, m, vector_stride, add);
        add = 1;
    }
    if (add) return;
    for (int n = 0; n < vectors; n++) {
        for (int tile = 0; tile < count; tile++) store(m + n * vector_stride + tile * CK_WIDTH, (vec){});
    }
}

// g[channel][n·B] (+)= Σ over tiles of v[tile][channel] · d[n][tile][B], for `rows` channels. Meanwhile `count` lines
// are fetched from `ahead`.
CK_INLINE void correlate(const int rows, const int vectors, const float *v, const float *d, ptrdiff_t vector_stride,
                         int count, float *g, int add, const float *ahead) {
    vec sum[8 * 2];
    CK_UNROLL
    for (int r = 0; r < rows; r++) {
        CK_UNROLL
        for (int n = 0; n < vectors; n++) sum[r * vectors + n] = (vec){};
    }
    for (int tile = 0; tile < count; tile++, v += CK_WIDTH, d += CK_WIDTH, ahead += CK_WIDTH) {
        vec y[2];
        __builtin_prefetch(ahead);
        CK_UNROLL
        for (int n = 0; n < vectors; n++) y[n] = load(d + n * vector_stride);
        CK_UNROLL
        for (int r = 0; r < rows; r++) {
            vec s = broadcast(v[r]);
            CK_UNROLL
            for (int n = 0; n < vectors; n++) sum[r * vectors + n] += s * y[n];
        }
    }
    if (add) {
        CK_UNROLL
        for (int r = 0; r < rows; r++) {
            CK_UNROLL
            for (int n = 0; n < vectors; n++) sum[r * vectors + n] += load(g + (r * vectors + n) * CK_WIDTH);
        }
    }
    CK_UNROLL
    for (int r = 0; r < rows; r++) {
        CK_UNROLL
        for (int n = 0; n < vectors; n++) store(g + (r * vectors + n) * CK_WIDTH, sum[r * vectors + n]);
    }
}

// A block of channels. `v_ahead` and `d_ahead` are what the next point will read.
static void correlate_block(int vectors, const float *v, const float *d, ptrdiff_t vector_stride, int count, float *g,
                            int add, const float *v_ahead, const float *d_ahead) {
    const int rows = CK_ROWS > 6 ? 8 : 4;
    for (int row = 0; row < CK_WIDTH; row += rows) {
        const float *ahead = row ? d_ahead : v_ahead;
        if (vectors == 2) {
            correlate(rows, 2, v + row, d, vector_stride, count, g + row * 2 * CK_WIDTH, add, ahead);
        } else {
            correlate(rows, 1, v + row, d, vector_stride, count, g + row * CK_WIDTH, add, ahead);
        }
    }
}
