#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "reader.hpp"

namespace dicom {

namespace {

// The number at a place of a frame, without the bits around it.
int64_t stored_number(const char *bytes, const Layout &layout) {
    uint32_t raw = 0;
    memcpy(&raw, bytes, layout.allocated / 8);
    raw >>= layout.high + 1 - layout.stored;
    uint64_t mask = ((uint64_t)1 << layout.stored) - 1;
    uint64_t number = raw & mask;
    bool is_negative = layout.is_signed && (number >> (layout.stored - 1)) != 0;
    return is_negative ? (int64_t)(number | ~mask) : (int64_t)number;
}

template <class Number>
Number as_number(double value) {
    if (!std::numeric_limits<Number>::is_integer) return (Number)value;
    // The type was chosen so that they fit.
    if (!(value >= (double)std::numeric_limits<Number>::lowest() && value <= (double)std::numeric_limits<Number>::max()))
        reader_refuse("a DICOM file has numbers beyond those that it says");
    return (Number)value;
}

template <class Number>
void convert(const std::vector<char> &frame, const Layout &layout, double slope, double intercept,
             std::vector<char> &out) {
    size_t count = layout.values(), size = layout.allocated / 8;
    out.resize(count * sizeof(Number));
    for (size_t index = 0; index < count; index++) {
        double value = (double)stored_number(&frame[index * size], layout) * slope + intercept;
        Number number = as_number<Number>(value);
        memcpy(&out[index * sizeof number], &number, sizeof number);
    }
}

using Conversion = void (*)(const std::vector<char> &, const Layout &, double, double, std::vector<char> &);

Conversion conversion(const char *type) {
    const struct {
        const char *name;
        Conversion conversion;
    } known[] = {
        {"u1", convert<uint8_t>},  {"i1", convert<int8_t>},  {"u2", convert<uint16_t>}, {"i2", convert<int16_t>},
        {"u4", convert<uint32_t>}, {"i4", convert<int32_t>}, {"i8", convert<int64_t>},  {"f4", convert<float>},
    };
    for (const auto &each : known)
        if (strcmp(each.name, type) == 0) return each.conversion;
    reader_refuse("%s is no type of numbers", type);
}

uint64_t whole(const std::string &text) { return strtoull(text.c_str(), nullptr, 10); }

}  // namespace

void copy(const std::vector<std::vector<std::string>> &orders, int count, char **arguments) {
    if (count != 4) reader_refuse("an order is not well formed");
    Conversion conversion = dicom::conversion(arguments[0]);
    std::unique_ptr<Frames> frames;
    uint64_t offset = 0;
    off_t position = 0;
    std::vector<char> out;
    for (const auto &order : orders) {
        reader_hold_clock();
        if (order.size() != 5) reader_refuse("an order is not well formed");
        if (!frames || offset != whole(order[0])) {
            offset = whole(order[0]);
            frames.reset();
            frames.reset(new Frames({offset, whole(order[1])}));
        }
        const Layout &layout = frames->layout();
        if (layout.rows != whole(arguments[1]) || layout.columns != whole(arguments[2]) ||
            layout.samples != whole(arguments[3]))
            reader_refuse("a DICOM file has another size than it said");
        conversion(frames->frame((unsigned)whole(order[2])), layout, strtod(order[3].c_str(), nullptr),
                   strtod(order[4].c_str(), nullptr), out);
        reader_put(out.data(), out.size(), position);
        position += (off_t)out.size();
    }
}

}  // namespace dicom
