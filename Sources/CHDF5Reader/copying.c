#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "reader.h"

// A box of a dataset, which is read in blocks of whole chunks.
struct box {
    int axes;
    hsize_t start[H5S_MAX_RANK], count[H5S_MAX_RANK], block[H5S_MAX_RANK];
};

// Blocks have about this many bytes, unless a chunk has more.
static const hsize_t budget = (hsize_t)32 << 20;

static hid_t type_named(const char *name) {
    const struct {
        const char *name;
        hid_t type;
    } types[] = {
        {"u1", H5T_STD_U8LE},  {"i1", H5T_STD_I8LE},  {"u2", H5T_STD_U16LE},  {"i2", H5T_STD_I16LE},
        {"u4", H5T_STD_U32LE}, {"i4", H5T_STD_I32LE}, {"u8", H5T_STD_U64LE},  {"i8", H5T_STD_I64LE},
        {"f4", H5T_IEEE_F32LE}, {"f8", H5T_IEEE_F64LE},
    };
    for (size_t index = 0; index < sizeof types / sizeof *types; index++)
        if (strcmp(types[index].name, name) == 0) return types[index].type;
    reader_refuse("%s is no type of numbers", name);
}

static void parse(struct box *box, const char *text) {
    char *end = (char *)text;
    for (box->axes = 0; *end != 0; box->axes++) {
        if (box->axes == H5S_MAX_RANK) reader_refuse("a box has too many axes");
        if (box->axes > 0 && *end++ != ',') reader_refuse("a box is not well formed");
        box->start[box->axes] = strtoull(end, &end, 10);
        if (*end++ != '+') reader_refuse("a box is not well formed");
        box->count[box->axes] = strtoull(end, &end, 10);
        if (box->count[box->axes] == 0) reader_refuse("a box is empty");
    }
}

// Chooses blocks that are runs of the box where that is possible, and sets the memory that reading them takes.
static void plan(struct box *box, hid_t properties, size_t size) {
    hsize_t chunk[H5S_MAX_RANK], all = 1, whole = 1;
    for (int axis = 0; axis < box->axes; axis++) chunk[axis] = 1;
    if (H5Pget_layout(properties) == H5D_CHUNKED && H5Pget_chunk(properties, box->axes, chunk) != box->axes)
        chdf5_fail("the chunks of the HDF5 dataset cannot be read");
    for (int axis = 0; axis < box->axes; axis++) {
        if (chunk[axis] == 0) reader_refuse("the HDF5 dataset has chunks without a size");
        whole *= chunk[axis];
        if (whole > ((hsize_t)1 << 30) / size)
            reader_refuse("the HDF5 dataset's chunks have more than 1 GiB, the most that is unpacked at once");
        box->block[axis] = box->count[axis];
        all *= box->count[axis];
    }
    for (int axis = 0; axis < box->axes && all * size > budget; axis++) {
        all /= box->block[axis];
        hsize_t room = budget / (all * size) / chunk[axis] * chunk[axis];
        if (room < chunk[axis]) room = chunk[axis];
        if (room < box->block[axis]) box->block[axis] = room;
        all *= box->block[axis];
    }
    reader_limit_memory(((size_t)256 << 20) + (size_t)(all * size) + 4 * (size_t)whole * size);
}

// Writes a block to its place in the box: in one piece, or row by row where it is a part of a plane.
static void write_block(const struct box *box, const hsize_t *first, const hsize_t *count, const char *bytes,
                        size_t size, off_t base) {
    // The axes behind this one are whole.
    int axis = box->axes - 1;
    hsize_t run = count[axis];
    while (axis > 0 && count[axis] == box->count[axis]) run *= count[--axis];
    hsize_t runs = 1, index[H5S_MAX_RANK] = {0};
    for (int outer = 0; outer < axis; outer++) runs *= count[outer];
    for (hsize_t number = 0; number < runs; number++) {
        hsize_t place = 0;
        for (int each = 0; each < box->axes; each++) place = place * box->count[each] + first[each] + index[each];
        reader_put(bytes + number * run * size, run * size, base + (off_t)(place * size));
        for (int outer = axis - 1; outer >= 0 && ++index[outer] == count[outer]; outer--) index[outer] = 0;
    }
}

static void copy_blocks(hid_t dataset, hid_t space, hid_t type, const struct box *box, size_t size, off_t base) {
    hsize_t all = 1;
    for (int axis = 0; axis < box->axes; axis++) all *= box->block[axis];
    char *bytes = malloc(all * size);
    if (bytes == NULL) reader_refuse("the HDF5 dataset's chunks take more memory than there is");
    hsize_t first[H5S_MAX_RANK] = {0};
    for (;;) {
        reader_hold_clock();
        hsize_t from[H5S_MAX_RANK], count[H5S_MAX_RANK];
        for (int axis = 0; axis < box->axes; axis++) {
            hsize_t rest = box->count[axis] - first[axis];
            count[axis] = rest < box->block[axis] ? rest : box->block[axis];
            from[axis] = box->start[axis] + first[axis];
        }
        hid_t memory = H5Screate_simple(box->axes, count, NULL);
        if (memory < 0 || H5Sselect_hyperslab(space, H5S_SELECT_SET, from, NULL, count, NULL) < 0 ||
            H5Dread(dataset, type, memory, space, H5P_DEFAULT, bytes) < 0)
            chdf5_fail("the HDF5 dataset's voxels cannot be read");
        H5Sclose(memory);
        write_block(box, first, count, bytes, size, base);
        int axis = box->axes - 1;
        while (axis >= 0 && (first[axis] += box->block[axis]) >= box->count[axis]) first[axis--] = 0;
        if (axis < 0) break;
    }
    free(bytes);
}

static size_t copy_box(hid_t file, const char *path, const char *text, hid_t type, off_t base) {
    struct box box;
    parse(&box, text);
    // Each chunk is needed once.
    hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    H5Pset_chunk_cache(access, 0, 0, 1);
    hid_t dataset = H5Dopen2(file, path, access);
    if (dataset < 0) chdf5_fail("the HDF5 dataset cannot be opened");
    hid_t space = H5Dget_space(dataset), properties = H5Dget_create_plist(dataset), stored = H5Dget_type(dataset);
    hsize_t sizes[H5S_MAX_RANK];
    if (space < 0 || properties < 0 || stored < 0 || H5Sget_simple_extent_ndims(space) != box.axes || box.axes == 0 ||
        H5Sget_simple_extent_dims(space, sizes, NULL) != box.axes)
        chdf5_fail("the HDF5 dataset has other axes than it said");
    size_t size = H5Tget_size(type);
    hsize_t bytes = size;
    for (int axis = 0; axis < box.axes; axis++) {
        if (box.start[axis] > sizes[axis] || box.count[axis] > sizes[axis] - box.start[axis] ||
            bytes > ((hsize_t)1 << 60) / box.count[axis])
            reader_refuse("the HDF5 dataset has other sizes than it said");
        bytes *= box.count[axis];
    }
    // Of named integers the numbers are taken.
    if (H5Tget_class(stored) == H5T_ENUM) {
        type = H5Tget_native_type(stored, H5T_DIR_ASCEND);
        if (type < 0 || H5Tget_size(type) != size) chdf5_fail("the HDF5 dataset's named integers cannot be read");
    }
    plan(&box, properties, size);
    copy_blocks(dataset, space, type, &box, size, base);
    H5Dclose(dataset);
    return bytes;
}

void chdf5_copy(hid_t file, int count, char **arguments) {
    hid_t type = type_named(arguments[0]);
    off_t position = 0;
    for (int index = 1; index + 1 < count; index += 2)
        position += (off_t)copy_box(file, arguments[index], arguments[index + 1], type, position);
}
