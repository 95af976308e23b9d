// Register-blocked multiplications of the up-convolution.

// sum[row][n] += Σ over B channels of x[row·stride][channel] · u[channel][n][B]. Meanwhile the lines `ahead` of x are
// fetched where that is not 0.
CK_INLINE void accumulate(const int rows, const int vectors, const int stride, const float *x, const float *u,
                          vec *sum, ptrdiff_t ahead) {
    const float *next = x + ahead;
    for (int channel = 0; channel < CK_WIDTH; channel++, x++, u += vectors * CK_WIDTH, next += stride) {
        vec y[2];
        __builtin_prefetch(next, 0, 2);
        CK_UNROLL
        for (int n = 0; n < vectors; n++) {
            __builtin_prefetch(u + (24 * vectors + n) * CK_WIDTH);
            y[n] = load(u + n * CK_WIDTH);
        }
        CK_UNROLL
        for (int r = 0; r < rows; r++) {
            vec s = broadcast(x[r * stride]);
            CK_UNROLL
            for (int n = 0; n < vectors; n++) sum[r * vectors + n] += s * y[n];
        }
    }
}

// Paints by a pair of taps: y[2·row + kx][B] = Σ over channels of x[block][row][channel] · u[channel][kx][B].
CK_INLINE void paint(const int rows, const float *x, ptrdiff_t block_stride, int blocks, const float *u, float *y,
                     int stream) {
    vec sum[CK_ROWS * 2];
    CK_UNROLL
    for (int i = 0; i < 2 * rows; i++) sum[i] = (vec){};
    for (int block = 0; block < blocks; block++, u += 2 * CK_WIDTH * CK_WIDTH) {
        accumulate(rows, 2, CK_WIDTH, x + block * block_stride, u, sum, block_stride);
    }
    if (stream) {
        CK_UNROLL
        for (int i = 0; i < 2 * rows; i++) store_through(y + i * CK_WIDTH, sum[i]);
    } else {
        CK_UNROLL
        for (int i = 0; i < 2 * rows; i++) store(y + i * CK_WIDTH, sum[i]);
    }
}

// Gathers what was painted, one block of it: dx[n][row][B] (+)= Σ over pairs, kx and channels of
// dy[pair][2·row + kx][channel] · u[pair][kx][channel][n][B].
CK_INLINE void gather(const int rows, const int vectors, const float *const *dy, ptrdiff_t offset, int pairs,
                      const float *u, float *dx, ptrdiff_t vector_stride, int add, ptrdiff_t ahead) {
    vec sum[CK_ROWS * 2];
    CK_UNROLL
    for (int i = 0; i < vectors * rows; i++) sum[i] = (vec){};
    for (int pair = 0; pair < pairs; pair++) {
        CK_ROLLED
        for (int kx = 0; kx < 2; kx++, u += vectors * CK_WIDTH * CK_WIDTH) {
            accumulate(rows, vectors, 2 * CK_WIDTH, dy[pair] + offset + kx * CK_WIDTH, u, sum, ahead);
        }
    }
    if (add) {
        CK_UNROLL
        for (int r = 0; r < rows; r++) {
            CK_UNROLL
            for (int n = 0; n < vectors; n++) sum[r * vectors + n] += load(dx + n * vector_stride + r * CK_WIDTH);
        }
    }
    CK_UNROLL
    for (int r = 0; r < rows; r++) {
        CK_UNROLL
        for (int n = 0; n < vectors; n++) store(dx + n * vector_stride + r * CK_WIDTH, sum[r * vectors + n]);
    }
}

// g[channel][kx][B] (+)= Σ over the lines' voxels of x[voxel][channel] · dy[line][2·voxel + kx][B], for `rows`
// channels. Meanwhile a share of `ahead`, where the next rows lie in relation to these, is fetched: `step` bytes of it
// for each voxel, from `skipped` bytes on.
CK_INLINE void correlate(const int rows, const float *x, const float *const *dy, int lines, int voxels, float *g,
                         int add, const float *const *ahead, ptrdiff_t skipped, ptrdiff_t step) {
    vec sum[8 * 2];
    CK_UNROLL
    for (int i = 0; i < 2 * rows; i++) sum[i] = (vec){};
    for (int line = 0; line < lines; line++) {
        const float *d = dy[line];
        const char *next = (const char *)ahead[line] + skipped;
        for (int voxel = 0; voxel < voxels; voxel++, x += CK_WIDTH, d += 2 * CK_WIDTH, next += step) {
            __builtin_prefetch(next, 0, 2);
            vec y0 = load(d), y1 = load(d + CK_WIDTH);
            CK_UNROLL
            for (int r = 0; r < rows; r++) {
                vec s = broadcast(x[r]);
                sum[2 * r] += s * y0;
                sum[2 * r + 1] += s * y1;
            }
        }
    }
    if (add) {
        CK_UNROLL
        for (int i = 0; i < 2 * rows; i++) sum[i] += load(g + i * CK_WIDTH);
    }
    CK_UNROLL
    for (int i = 0; i < 2 * rows; i++) store(g + i * CK_WIDTH, sum[i]);
}

typedef void paint_function(const float *, ptrdiff_t, int, const float *, float *, int);
typedef void gather_function(const float *const *, ptrdiff_t, int, const float *, float *, ptrdiff_t, int, ptrdiff_t);

#define CK_GATHER(rows, n)                                                                                     \
    static void gather_##rows##_##n(const float *const *dy, ptrdiff_t o, int pairs, const float *u, float *dx, \
                                    ptrdiff_t t, int add, ptrdiff_t ahead) {                                   \
        gather(rows, n, dy, o, pairs, u, dx, t, add, ahead);                                                   \
    }
#define CK_MULTIPLY(rows)                                                                                     \
    static void paint_##rows(const float *x, ptrdiff_t s, int blocks, const float *u, float *y, int stream) { \
        paint(rows, x, s, blocks, u, y, stream);                                                              \
    }                                                                                                         \
    CK_GATHER(rows, 1)                                                                                        \
    CK_GATHER(rows, 2)

#define CK_ROW_COUNTS_2(each) each(1) each(2)
#define CK_ROW_COUNTS_6(each) CK_ROW_COUNTS_2(each) each(3) each(4) each(5) each(6)
#define CK_ROW_COUNTS_14(each) \
    CK_ROW_COUNTS_6(each) each(7) each(8) each(9) each(10) each(11) each(12) each(13) each(14)
#if CK_ROWS == 14
#define CK_ROW_COUNTS CK_ROW_COUNTS_14
#elif CK_ROWS == 6
#define CK_ROW_COUNTS CK_ROW_COUNTS_6
#else
#define CK_ROW_COUNTS CK_ROW_COUNTS_2
#endif

CK_ROW_COUNTS(CK_MULTIPLY)

#define CK_PAINT_ENTRY(rows) paint_##rows,
#define CK_GATHER_ENTRY(rows) {gather_##rows##_1, gather_##rows##_2},
static paint_function *const paint_functions[CK_ROWS] = {CK_ROW_COUNTS(CK_PAINT_ENTRY)};
static gather_function *const gather_functions[CK_ROWS][2] = {CK_ROW_COUNTS(CK_GATHER_ENTRY)};
