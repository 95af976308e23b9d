#ifndef CONEDNN_SHIM_H
#define CONEDNN_SHIM_H
/*
 * One set of functions for oneDNN 2.6 and 3.x, whose C interfaces differ: in 2.x a memory descriptor is a struct and an
 * operation has a descriptor of its own; in 3.x descriptors are handles. Here a layout is an owned, opaque pointer.
 */
#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>
#include <stdlib.h>
#include <string.h>

#if DNNL_VERSION_MAJOR != 2 && DNNL_VERSION_MAJOR != 3
#error "Slicewise needs oneDNN 2.6 or 3.x"
#endif
#if DNNL_VERSION_MAJOR == 2
typedef dnnl_memory_desc_t *cdnn_md;
#else
typedef dnnl_memory_desc_t cdnn_md;
#endif

/* A layout; freed with cdnn_layout_destroy. */
typedef void *cdnn_layout;

static inline dnnl_status_t cdnn_layout_destroy(cdnn_layout layout)
{
#if DNNL_VERSION_MAJOR == 2
    free(layout);
    return dnnl_success;
#else
    return dnnl_memory_desc_destroy((cdnn_md)layout);
#endif
}

static inline dnnl_status_t cdnn_layout_tagged(cdnn_layout *layout, int rank, const int64_t *sizes,
                                               dnnl_format_tag_t tag)
{
#if DNNL_VERSION_MAJOR == 2
    cdnn_md made = (cdnn_md)calloc(1, sizeof *made);
    if (!made) return dnnl_out_of_memory;
    dnnl_status_t status = dnnl_memory_desc_init_by_tag(made, rank, sizes, dnnl_f32, tag);
    *layout = made;
    if (status != dnnl_success) { free(made); *layout = NULL; }
    return status;
#else
    return dnnl_memory_desc_create_with_tag((cdnn_md *)layout, rank, sizes, dnnl_f32, tag);
#endif
}

static inline dnnl_status_t cdnn_layout_strided(cdnn_layout *layout, int rank, const int64_t *sizes,
                                                const int64_t *strides)
{
#if DNNL_VERSION_MAJOR == 2
    cdnn_md made = (cdnn_md)calloc(1, sizeof *made);
    if (!made) return dnnl_out_of_memory;
    dnnl_status_t status = dnnl_memory_desc_init_by_strides(made, rank, sizes, dnnl_f32, strides);
    *layout = made;
    if (status != dnnl_success) { free(made); *layout = NULL; }
    return status;
#else
    return dnnl_memory_desc_create_with_strides((cdnn_md *)layout, rank, sizes, dnnl_f32, strides);
#endif
}

static inline size_t cdnn_layout_bytes(cdnn_layout layout) { return dnnl_memory_desc_get_size((cdnn_md)layout); }

/* A copy of a layout that a primitive chose. */
static inline dnnl_status_t cdnn_layout_chosen(cdnn_layout *layout, const_dnnl_primitive_desc_t description,
                                               dnnl_query_t what)
{
#if DNNL_VERSION_MAJOR == 2
    const dnnl_memory_desc_t *chosen = dnnl_primitive_desc_query_md(description, what, 0);
    cdnn_md made = (cdnn_md)calloc(1, sizeof *made);
    if (!made) return dnnl_out_of_memory;
    if (chosen) *made = *chosen;
    *layout = made;
    return dnnl_success;
#else
    const_dnnl_memory_desc_t chosen = dnnl_primitive_desc_query_md(description, what, 0);
    return dnnl_memory_desc_clone((cdnn_md *)layout, chosen);
#endif
}

static inline dnnl_status_t cdnn_memory_create(dnnl_memory_t *memory, cdnn_layout layout, dnnl_engine_t engine,
                                               void *values)
{
    return dnnl_memory_create(memory, (cdnn_md)layout, engine, values);
}

static inline const char *cdnn_implementation(const_dnnl_primitive_desc_t description)
{
    const char *name = NULL;
    dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name);
    return name ? name : "";
}

/* Attributes: the caller provides the scratchpad; with `accumulate`, the result is added to the destination. */
static inline dnnl_status_t cdnn_attributes_create(dnnl_primitive_attr_t *attributes, int accumulate)
{
    dnnl_status_t status = dnnl_primitive_attr_create(attributes);
    if (status != dnnl_success) return status;
    status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
    if (status != dnnl_success || !accumulate) return status;
    dnnl_post_ops_t after;
    status = dnnl_post_ops_create(&after);
    if (status != dnnl_success) return status;
#if DNNL_VERSION_MAJOR == 2
    status = dnnl_post_ops_append_sum(after, 1.0f);
#else
    status = dnnl_post_ops_append_sum(after, 1.0f, 0, dnnl_data_type_undef);
#endif
    if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*attributes, after);
    dnnl_post_ops_destroy(after);
    return status;
}

typedef struct {
    int transposed; /* 1 for an up-convolution */
    int64_t strides[3], padding[3];
} cdnn_geometry;

static inline dnnl_status_t cdnn_forward(dnnl_primitive_desc_t *made, dnnl_engine_t engine,
                                         const cdnn_geometry *g, cdnn_layout source, cdnn_layout weights,
                                         cdnn_layout bias, cdnn_layout destination, const_dnnl_primitive_attr_t attributes)
{
    cdnn_md s = (cdnn_md)source, w = (cdnn_md)weights, b = (cdnn_md)bias, d = (cdnn_md)destination;
#if DNNL_VERSION_MAJOR == 2
    if (g->transposed) {
        dnnl_deconvolution_desc_t op;
        dnnl_status_t status = dnnl_deconvolution_forward_desc_init(
            &op, dnnl_forward_training, dnnl_deconvolution_direct, s, w, b, d, g->strides, g->padding, g->padding);
        return status == dnnl_success ? dnnl_primitive_desc_create(made, &op, attributes, engine, NULL) : status;
    }
    dnnl_convolution_desc_t op;
    dnnl_status_t status = dnnl_convolution_forward_desc_init(
        &op, dnnl_forward_training, dnnl_convolution_direct, s, w, b, d, g->strides, g->padding, g->padding);
    return status == dnnl_success ? dnnl_primitive_desc_create(made, &op, attributes, engine, NULL) : status;
#else
    const int64_t dilation[3] = {0, 0, 0};
    return g->transposed
        ? dnnl_deconvolution_forward_primitive_desc_create(made, engine, dnnl_forward_training,
              dnnl_deconvolution_direct, s, w, b, d, g->strides, dilation, g->padding, g->padding, attributes)
        : dnnl_convolution_forward_primitive_desc_create(made, engine, dnnl_forward_training,
              dnnl_convolution_direct, s, w, b, d, g->strides, dilation, g->padding, g->padding, attributes);
#endif
}

static inline dnnl_status_t cdnn_backward_data(dnnl_primitive_desc_t *made, dnnl_engine_t engine,
                                               const cdnn_geometry *g, cdnn_layout diff_source, cdnn_layout weights,
                                               cdnn_layout diff_destination, const_dnnl_primitive_attr_t attributes,
                                               const_dnnl_primitive_desc_t forward)
{
    cdnn_md s = (cdnn_md)diff_source, w = (cdnn_md)weights, d = (cdnn_md)diff_destination;
#if DNNL_VERSION_MAJOR == 2
    if (g->transposed) {
        dnnl_deconvolution_desc_t op;
        dnnl_status_t status = dnnl_deconvolution_backward_data_desc_init(
            &op, dnnl_deconvolution_direct, s, w, d, g->strides, g->padding, g->padding);
        return status == dnnl_success ? dnnl_primitive_desc_create(made, &op, attributes, engine, forward) : status;
    }
    dnnl_convolution_desc_t op;
    dnnl_status_t status = dnnl_convolution_backward_data_desc_init(
        &op, dnnl_convolution_direct, s, w, d, g->strides, g->padding, g->padding);
    return status == dnnl_success ? dnnl_primitive_desc_create(made, &op, attributes, engine, forward) : status;
#else
    const int64_t dilation[3] = {0, 0, 0};
    return g->transposed
        ? dnnl_deconvolution_backward_data_primitive_desc_create(made, engine, dnnl_deconvolution_direct, s, w, d,
              g->strides, dilation, g->padding, g->padding, forward, attributes)
        : dnnl_convolution_backward_data_primitive_desc_create(made, engine, dnnl_convolution_direct, s, w, d,
              g->strides, dilation, g->padding, g->padding, forward, attributes);
#endif
}

static inline dnnl_status_t cdnn_backward_weights(dnnl_primitive_desc_t *made, dnnl_engine_t engine,
                                                  const cdnn_geometry *g, cdnn_layout source,
                                                  cdnn_layout diff_weights, cdnn_layout diff_destination,
                                                  const_dnnl_primitive_attr_t attributes,
                                                  const_dnnl_primitive_desc_t forward)
{
    cdnn_md s = (cdnn_md)source, w = (cdnn_md)diff_weights, d = (cdnn_md)diff_destination;
#if DNNL_VERSION_MAJOR == 2
    if (g->transposed) {
        dnnl_deconvolution_desc_t op;
        dnnl_status_t status = dnnl_deconvolution_backward_weights_desc_init(
            &op, dnnl_deconvolution_direct, s, w, NULL, d, g->strides, g->padding, g->padding);
        return status == dnnl_success ? dnnl_primitive_desc_create(made, &op, attributes, engine, forward) : status;
    }
    dnnl_convolution_desc_t op;
    dnnl_status_t status = dnnl_convolution_backward_weights_desc_init(
        &op, dnnl_convolution_direct, s, w, NULL, d, g->strides, g->padding, g->padding);
    return status == dnnl_success ? dnnl_primitive_desc_create(made, &op, attributes, engine, forward) : status;
#else
    const int64_t dilation[3] = {0, 0, 0};
    return g->transposed
        ? dnnl_deconvolution_backward_weights_primitive_desc_create(made, engine, dnnl_deconvolution_direct, s, w,
              NULL, d, g->strides, dilation, g->padding, g->padding, forward, attributes)
        : dnnl_convolution_backward_weights_primitive_desc_create(made, engine, dnnl_convolution_direct, s, w, NULL,
              d, g->strides, dilation, g->padding, g->padding, forward, attributes);
#endif
}

static inline dnnl_status_t cdnn_reorder(dnnl_primitive_desc_t *made, dnnl_engine_t engine, cdnn_layout from,
                                         cdnn_layout to, const_dnnl_primitive_attr_t attributes)
{
    return dnnl_reorder_primitive_desc_create(made, (cdnn_md)from, engine, (cdnn_md)to, engine, attributes);
}
#endif
