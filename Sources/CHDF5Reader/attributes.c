#include <stdlib.h>
#include <string.h>

#include "reader.h"

// Longer texts and lists of numbers are left out: they are no names of axes, spacings or sizes.
enum { most_attributes = 256, longest_text = 1 << 16, most_numbers = 64 };

struct listing {
    FILE *output;
    const char *path;
    int count;
};

static void begin(struct listing *listing, const char *name, char kind) {
    fputs("A\t", listing->output);
    chdf5_print(listing->output, listing->path, strlen(listing->path));
    fputc('\t', listing->output);
    chdf5_print(listing->output, name, strlen(name));
    fprintf(listing->output, "\t%c\t", kind);
}

// Texts of one letter each are one text, as Imaris writes them; others are parted by line breaks.
static void list_fixed_texts(struct listing *listing, hid_t attribute, hid_t type, const char *name, size_t count) {
    size_t size = H5Tget_size(type);
    if (size == 0 || size > longest_text || count > longest_text / size) return;
    char *bytes = calloc(count, size);
    if (bytes == NULL) return;
    if (H5Aread(attribute, type, bytes) >= 0) {
        begin(listing, name, 'S');
        for (size_t index = 0; index < count; index++) {
            if (index > 0 && size > 1) fputs("%0A", listing->output);
            chdf5_print(listing->output, bytes + index * size, strnlen(bytes + index * size, size));
        }
        fputc('\n', listing->output);
    }
    free(bytes);
}

static void list_texts(struct listing *listing, hid_t attribute, hid_t type, hid_t space, const char *name,
                       size_t count) {
    char **texts = calloc(count, sizeof *texts);
    if (texts == NULL) return;
    if (H5Aread(attribute, type, texts) >= 0) {
        begin(listing, name, 'S');
        size_t room = longest_text;
        for (size_t index = 0; index < count; index++) {
            if (index > 0) fputs("%0A", listing->output);
            size_t length = texts[index] == NULL ? 0 : strnlen(texts[index], room);
            chdf5_print(listing->output, texts[index], length);
            room -= length;
        }
        fputc('\n', listing->output);
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts);
    }
    free(texts);
}

static void list_numbers(struct listing *listing, hid_t attribute, const char *name, size_t count) {
    double numbers[most_numbers];
    if (H5Aread(attribute, H5T_NATIVE_DOUBLE, numbers) < 0) return;
    begin(listing, name, 'N');
    for (size_t index = 0; index < count; index++)
        fprintf(listing->output, "%s%.17g", index == 0 ? "" : ",", numbers[index]);
    fputc('\n', listing->output);
}

static herr_t visit(hid_t object, const char *name, const H5A_info_t *info, void *data) {
    (void)info;
    struct listing *listing = data;
    if (++listing->count > most_attributes) return 1;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0) return 0;
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    hssize_t count = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
    if (type >= 0 && count > 0 && count <= longest_text) {
        H5T_class_t class = H5Tget_class(type);
        if (class == H5T_STRING && H5Tis_variable_str(type) > 0 && count <= most_numbers)
            list_texts(listing, attribute, type, space, name, (size_t)count);
        else if (class == H5T_STRING && H5Tis_variable_str(type) == 0)
            list_fixed_texts(listing, attribute, type, name, (size_t)count);
        else if ((class == H5T_INTEGER || class == H5T_FLOAT) && count <= most_numbers)
            list_numbers(listing, attribute, name, (size_t)count);
    }
    if (type >= 0) H5Tclose(type);
    if (space >= 0) H5Sclose(space);
    H5Aclose(attribute);
    return 0;
}

// Attributes that cannot be read are left out.
void chdf5_list_attributes(hid_t object, const char *path, FILE *output) {
    struct listing listing = {output, path, 0};
    hsize_t index = 0;
    H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &index, visit, &listing);
}
