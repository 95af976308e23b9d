#ifndef CTIFF_SHIM_H
#define CTIFF_SHIM_H
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>

#if TIFFLIB_VERSION < 20221213
#error "libtiff 4.5 or newer is needed, for error handlers and memory limits per file"
#endif

/* libtiff is used only to unpack strips and tiles. Its messages go to the struct and never to stderr, it maps no file,
   and the bytes that it reads per call are limited, so that a file can't make it read the same gigabytes repeatedly. */

struct ctiff {
    TIFF *tiff;
    int descriptor;
    uint64_t position;
    uint64_t size;
    uint64_t allowance;
    char message[160];
};

static int ctiff_error(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments) {
    struct ctiff *file = (struct ctiff *)context;
    if (file->message[0] == 0) vsnprintf(file->message, sizeof file->message, format, arguments);
    return 1;
}

static int ctiff_ignore(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments) {
    return 1;
}

static tmsize_t ctiff_read(thandle_t handle, void *bytes, tmsize_t count) {
    struct ctiff *file = (struct ctiff *)handle;
    if (count < 0 || (uint64_t)count > file->allowance) return 0;
    tmsize_t done = 0;
    while (done < count) {
        ssize_t part = pread(file->descriptor, (char *)bytes + done, (size_t)(count - done), (off_t)file->position);
        if (part <= 0) break;
        done += part;
        file->position += (uint64_t)part;
    }
    file->allowance -= (uint64_t)done;
    return done;
}

static tmsize_t ctiff_write(thandle_t handle, void *bytes, tmsize_t count) { return 0; }

static toff_t ctiff_seek(thandle_t handle, toff_t offset, int whence) {
    struct ctiff *file = (struct ctiff *)handle;
    uint64_t start = whence == SEEK_CUR ? file->position : whence == SEEK_END ? file->size : 0;
    file->position = start + offset;
    return file->position;
}

static toff_t ctiff_size(thandle_t handle) { return ((struct ctiff *)handle)->size; }

static int ctiff_done(thandle_t handle) { return close(((struct ctiff *)handle)->descriptor); }

/* Opens a file of `size` bytes for unpacking, or returns NULL. Takes ownership of the descriptor in both cases. No
   allocation is larger than `largest` bytes. */
static inline __attribute__((noinline)) struct ctiff *ctiff_open(int descriptor, uint64_t size, size_t largest) {
    struct ctiff *file = (struct ctiff *)calloc(1, sizeof *file);
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (file != NULL && options != NULL) {
        file->descriptor = descriptor;
        file->size = size;
        file->allowance = 1 << 16;
        TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)largest);
        TIFFOpenOptionsSetErrorHandlerExtR(options, ctiff_error, file);
        TIFFOpenOptionsSetWarningHandlerExtR(options, ctiff_ignore, file);
        /* h: read only the header; c: no strip chopping; m: no memory mapping. */
        file->tiff = TIFFClientOpenExt(
            "TIFF", "rhcm", file, ctiff_read, ctiff_write, ctiff_seek, ctiff_done, ctiff_size, NULL, NULL, options);
    }
    if (options != NULL) TIFFOpenOptionsFree(options);
    if (file != NULL && file->tiff != NULL) return file;
    close(descriptor);
    free(file);
    return NULL;
}

static inline __attribute__((noinline)) void ctiff_close(struct ctiff *file) {
    TIFFClose(file->tiff);
    free(file);
}

/* Goes to the page whose directory is at an offset. Returns 1, or 0 with a message. */
static inline __attribute__((noinline)) int ctiff_go(struct ctiff *file, uint64_t offset) {
    file->message[0] = 0;
    file->allowance = 64 << 20;
    if (!TIFFSetSubDirectory(file->tiff, offset)) return 0;
    /* Colours of JPEG as red, green and blue. */
    uint16_t compression = 0, kind = 0;
    if (TIFFGetField(file->tiff, TIFFTAG_COMPRESSION, &compression) && compression == COMPRESSION_JPEG &&
        TIFFGetField(file->tiff, TIFFTAG_PHOTOMETRIC, &kind) && kind == PHOTOMETRIC_YCBCR)
        TIFFSetField(file->tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    return 1;
}

/* The compressed size of a strip or tile of the page in bytes, as the file states it. */
static inline __attribute__((noinline)) uint64_t ctiff_stored(struct ctiff *file, uint32_t index) {
    return TIFFGetStrileByteCount(file->tiff, index);
}

/* Unpacks a strip or tile of the page, which must have `count` bytes, in native byte order. Returns 1, or 0 with a
   message. */
static inline __attribute__((noinline)) int ctiff_unpack(
    struct ctiff *file, int tiled, uint32_t index, void *bytes, size_t count) {
    file->message[0] = 0;
    file->allowance = 2 * (uint64_t)count + (1 << 20);
    if (tiled != TIFFIsTiled(file->tiff) || (tiled && TIFFTileSize64(file->tiff) != count)) return 0;
    tmsize_t got = tiled ? TIFFReadEncodedTile(file->tiff, index, bytes, (tmsize_t)count)
                         : TIFFReadEncodedStrip(file->tiff, index, bytes, (tmsize_t)count);
    return got == (tmsize_t)count;
}

static inline const char *ctiff_message(const struct ctiff *file) { return file->message; }
#endif
