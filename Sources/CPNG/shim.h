#ifndef CPNG_SHIM_H
#define CPNG_SHIM_H
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

/* libpng reports errors by longjmp, which must not cross Swift frames, so the whole decode is done here. It keeps no
   pointer to Swift's memory, and every exit frees libpng's memory. */

struct cpng_input {
    const unsigned char *bytes;
    size_t count;
    size_t position;
    char *message;
    size_t message_size;
};

static void cpng_fail(png_structp png, png_const_charp text) {
    struct cpng_input *input = (struct cpng_input *)png_get_error_ptr(png);
    snprintf(input->message, input->message_size, "%s", text);
    longjmp(png_jmpbuf(png), 1);
}

static void cpng_ignore(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void cpng_take(png_structp png, png_bytep out, size_t count) {
    struct cpng_input *input = (struct cpng_input *)png_get_io_ptr(png);
    if (count > input->count - input->position) png_error(png, "the file is cut off");
    memcpy(out, input->bytes + input->position, count);
    input->position += count;
}

/* Decodes a picture to its stored samples: one byte each, or two in native order if `depth` is 16. `samples` has room
   for rows × columns × channels of them, which must be what the file has. `palette` has room for red, green, blue and
   opacity of 256 entries, and gets `entries` of them. Returns 1, or 0 with a message. */
static inline __attribute__((noinline)) int cpng_decode(
    const unsigned char *bytes, size_t count, void *samples, unsigned rows, unsigned columns, unsigned channels,
    unsigned depth, unsigned char *palette, unsigned *entries, char *message, size_t message_size) {
    struct cpng_input input = {bytes, count, 0, message, message_size};
    png_infop volatile info = NULL;
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &input, cpng_fail, cpng_ignore);
    if (png == NULL) {
        snprintf(message, message_size, "out of memory");
        return 0;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_infop known = info;
        png_destroy_read_struct(&png, known ? &known : NULL, NULL);
        return 0;
    }
    info = png_create_info_struct(png);
    if (info == NULL) png_error(png, "out of memory");
    png_set_user_limits(png, columns, rows);
    png_set_chunk_malloc_max(png, 1 << 20);
    /* Labels need no texts or profiles, for which libpng would allocate as much as their headers claim. */
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_chunk_cache_max(png, 64);
    png_set_read_fn(png, &input, cpng_take);
    png_read_info(png, info);
    if (png_get_image_width(png, info) != columns || png_get_image_height(png, info) != rows ||
        png_get_bit_depth(png, info) != depth || png_get_channels(png, info) != channels)
        png_error(png, "the header does not match the sizes read before");
    png_colorp colors = NULL;
    png_bytep opacities = NULL;
    int known_colors = 0, known_opacities = 0;
    if (png_get_color_type(png, info) == PNG_COLOR_TYPE_PALETTE) {
        png_get_PLTE(png, info, &colors, &known_colors);
        png_get_tRNS(png, info, &opacities, &known_opacities, NULL);
    }
    *entries = 0;
    for (int index = 0; index < known_colors && index < 256; index++, ++*entries) {
        unsigned char entry[4] = {
            colors[index].red, colors[index].green, colors[index].blue,
            opacities != NULL && index < known_opacities ? opacities[index] : 255};
        memcpy(palette + 4 * index, entry, 4);
    }
    png_set_packing(png);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (depth == 16) png_set_swap(png);
#endif
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    size_t stride = (size_t)columns * channels * (depth == 16 ? 2 : 1);
    if (png_get_rowbytes(png, info) != stride) png_error(png, "a row does not have the expected bytes");
    for (int pass = 0; pass < passes; pass++)
        for (unsigned row = 0; row < rows; row++) png_read_row(png, (png_bytep)samples + row * stride, NULL);
    png_read_end(png, NULL);
    png_infop known = info;
    png_destroy_read_struct(&png, &known, NULL);
    return 1;
}

/* Encodes rows of 8-bit samples. `channels` is 1 (gray, or palette indices if `palette_count` is not 0) or 3 (RGB);
   `palette` holds red, green, blue and opacity of each entry. The caller frees the result with free(); NULL if out
   of memory. */
static inline __attribute__((noinline)) void *cpng_encode(
    const unsigned char *pixels, unsigned rows, unsigned columns, int channels, const unsigned char *palette,
    unsigned palette_count, size_t *count) {
    png_image image;
    memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    image.width = columns;
    image.height = rows;
    image.format = palette_count ? PNG_FORMAT_RGBA_COLORMAP : channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    image.colormap_entries = palette_count;
    image.flags = PNG_IMAGE_FLAG_FAST;
    size_t room = PNG_IMAGE_PNG_SIZE_MAX(image);
    void *memory = malloc(room);
    if (memory == NULL) return NULL;
    if (!png_image_write_to_memory(&image, memory, &room, 0, pixels, 0, palette_count ? palette : NULL)) {
        png_image_free(&image);
        free(memory);
        return NULL;
    }
    *count = room;
    return memory;
}
#endif
