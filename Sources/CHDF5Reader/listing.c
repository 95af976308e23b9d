#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "reader.h"

// Lines of fields between tabs; of names and texts all but letters, digits and a few signs is %XX.
//
//     D path kind size 5,7,6 obstacle    a dataset: kind of numbers, their bytes, sizes, why it can't be read
//     A path name S text                 an attribute
//     A path name N 1,2.5,3
//
// The kind is u or i (integers), f (floats), e (named integers, such as booleans) or o (anything else); the obstacle of a
// dataset that can be read is `-`, others are external, virtual, damaged, or the number of a filter that is not there.

enum { most_links = 100000, most_depth = 20, most_groups = 20000 };

struct walk {
    FILE *output;
    const char *path;
    int depth;
    int *links;
    haddr_t *groups;
    int *group_count;
};

void chdf5_print(FILE *output, const char *text, size_t length) {
    for (size_t index = 0; index < length; index++) {
        unsigned char byte = (unsigned char)text[index];
        if (byte > 0x20 && byte < 0x7f && byte != '%')
            fputc(byte, output);
        else
            fprintf(output, "%%%02X", byte);
    }
}

static void print_sizes(FILE *output, const hsize_t *sizes, int count) {
    for (int index = 0; index < count; index++)
        fprintf(output, "%s%llu", index == 0 ? "" : ",", (unsigned long long)sizes[index]);
}

static char kind_of(hid_t type) {
    switch (H5Tget_class(type)) {
        case H5T_INTEGER:
            return H5Tget_sign(type) == H5T_SGN_2 ? 'i' : 'u';
        case H5T_FLOAT:
            return 'f';
        case H5T_ENUM:
            return 'e';
        default:
            return 'o';
    }
}

static void print_obstacle(FILE *output, hid_t properties) {
    if (H5Pget_layout(properties) == H5D_VIRTUAL) {
        fputs("virtual", output);
        return;
    }
    if (H5Pget_external_count(properties) != 0) {
        fputs("external", output);
        return;
    }
    int filters = H5Pget_nfilters(properties);
    for (int index = 0; index < filters; index++) {
        unsigned flags = 0;
        size_t values = 0;
        H5Z_filter_t filter = H5Pget_filter2(properties, (unsigned)index, &flags, &values, NULL, 0, NULL, NULL);
        if (filter >= 0 && H5Zfilter_avail(filter) > 0) continue;
        fprintf(output, "%d", (int)filter);
        return;
    }
    fputc('-', output);
}

static void list_damaged(struct walk *walk, const char *path) {
    fputs("D\t", walk->output);
    chdf5_print(walk->output, path, strlen(path));
    fputs("\to\t0\t\tdamaged\n", walk->output);
}

static void list_dataset(struct walk *walk, hid_t dataset, const char *path) {
    hid_t space = H5Dget_space(dataset), type = H5Dget_type(dataset), properties = H5Dget_create_plist(dataset);
    hsize_t sizes[H5S_MAX_RANK];
    int count = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
    if (count >= 0 && count <= H5S_MAX_RANK && type >= 0 && properties >= 0 &&
        H5Sget_simple_extent_dims(space, sizes, NULL) == count) {
        fputs("D\t", walk->output);
        chdf5_print(walk->output, path, strlen(path));
        fprintf(walk->output, "\t%c\t%zu\t", kind_of(type), H5Tget_size(type));
        print_sizes(walk->output, sizes, count);
        fputc('\t', walk->output);
        print_obstacle(walk->output, properties);
        fputc('\n', walk->output);
        chdf5_list_attributes(dataset, path, walk->output);
    } else {
        list_damaged(walk, path);
    }
    if (space >= 0) H5Sclose(space);
    if (type >= 0) H5Tclose(type);
    if (properties >= 0) H5Pclose(properties);
}

static herr_t visit(hid_t group, const char *name, const H5L_info_t *link, void *data);

// A group that was gone through already, as in a circle of links, is left out.
static void list_group(struct walk *walk, hid_t group, const char *path, haddr_t address) {
    for (int index = 0; index < *walk->group_count; index++)
        if (walk->groups[index] == address) return;
    if (*walk->group_count == most_groups || walk->depth == most_depth)
        reader_refuse("the HDF5 file has more than %d groups, or groups nested deeper than %d", most_groups, most_depth);
    walk->groups[(*walk->group_count)++] = address;
    chdf5_list_attributes(group, path[0] == 0 ? "/" : path, walk->output);
    struct walk next = *walk;
    next.path = path;
    next.depth++;
    hsize_t index = 0;
    if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &index, visit, &next) < 0)
        chdf5_fail("the HDF5 file's groups cannot be read");
}

static herr_t visit(hid_t group, const char *name, const H5L_info_t *link, void *data) {
    struct walk *walk = data;
    // Soft and external links are not followed.
    if (link->type != H5L_TYPE_HARD) return 0;
    if (++*walk->links > most_links) reader_refuse("the HDF5 file has more than %d links", most_links);
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", walk->path, name);
    if (length < 0 || (size_t)length >= sizeof path) return 0;
    H5O_info_t info;
    bool is_there = H5Oget_info_by_name(group, name, &info, H5P_DEFAULT) >= 0;
    if (is_there && info.type != H5O_TYPE_GROUP && info.type != H5O_TYPE_DATASET) return 0;
    hid_t object = is_there ? H5Oopen(group, name, H5P_DEFAULT) : -1;
    if (object < 0) {
        list_damaged(walk, path);
        return 0;
    }
    if (info.type == H5O_TYPE_GROUP)
        list_group(walk, object, path, info.addr);
    else
        list_dataset(walk, object, path);
    H5Oclose(object);
    return 0;
}

void chdf5_list(hid_t file) {
    static haddr_t groups[most_groups];
    int links = 0, group_count = 0;
    FILE *output = fdopen(reader_output_place, "w");
    hid_t root = H5Gopen2(file, "/", H5P_DEFAULT);
    H5O_info_t info;
    if (output == NULL || root < 0 || H5Oget_info(root, &info) < 0) chdf5_fail("the HDF5 file has no root group");
    struct walk walk = {output, "", 0, &links, groups, &group_count};
    list_group(&walk, root, "", info.addr);
    if (fflush(output) != 0) reader_refuse("the list of the HDF5 file's datasets cannot be written");
}
