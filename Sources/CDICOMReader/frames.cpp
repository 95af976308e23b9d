#include <cstring>

#include "reader.hpp"
#include "unpacking.hpp"

namespace dicom {

namespace {

// The most bytes of a frame, packed or not.
const uint64_t most_bytes = (uint64_t)1 << 30;

uint32_t four(const unsigned char *bytes) {
    return (uint32_t)bytes[3] << 24 | bytes[2] << 16 | bytes[1] << 8 | bytes[0];
}

}  // namespace

Frames::Frames(const Piece &piece) : head_(piece, true), layout_(head_), count_(head_.frames()) {
    const Layout &layout = layout_;
    if (!head_.has_voxels || count_ == 0 || layout.rows == 0 || layout.columns == 0)
        reader_refuse("a DICOM file has no voxels");
    if ((layout.samples != 1 && layout.samples != 3) || (layout.allocated != 8 && layout.allocated != 16 &&
        layout.allocated != 32) || layout.stored == 0 || layout.stored > layout.allocated ||
        layout.high >= layout.allocated || layout.high + 1 < layout.stored)
        reader_refuse("a DICOM file's numbers of bits or samples make no sense");
    if (layout.bytes() > most_bytes) reader_refuse("a DICOM frame has more than 1 GiB, the most that is read at once");
    // Unpacked a few times: by the library, as its stream, as the result.
    reader_limit_memory(((size_t)256 << 20) + 8 * layout.bytes() + 2 * head_.inflated.size());
    if (head_.is_packed) {
        find_fragments();
        return;
    }
    uint64_t needed = (uint64_t)layout.bytes() * count_;
    if (head_.length < needed || (!head_.is_inflated && head_.length > piece.size - head_.start))
        reader_refuse("a DICOM file is cut off, or has fewer voxels than it says");
    if (head_.length >= needed + layout.bytes() && layout.bytes() > 1)
        reader_refuse("a DICOM file has more voxels than it says");
    if (head_.is_big_endian && layout.allocated == 8 && head_.are_words)
        reader_refuse("a DICOM file has bytes in pairs of the other order; save it in Explicit VR Little Endian");
}

// Fragments are items: the first has the table of frames, which may be empty, and one without a size ends them.
void Frames::find_fragments() {
    const Piece &piece = head_.piece;
    uint64_t position = head_.start;
    std::vector<uint64_t> table;
    bool is_first = true;
    uint64_t base = 0;
    for (;;) {
        unsigned char item[8];
        if (read(piece, position, (char *)item, sizeof item) != sizeof item)
            reader_refuse("a DICOM file is cut off among its packed frames");
        uint32_t length = four(item + 4);
        position += 8;
        if (memcmp(item, "\xfe\xff\xdd\xe0", 4) == 0) break;
        if (memcmp(item, "\xfe\xff\x00\xe0", 4) != 0 || length > piece.size - position)
            reader_refuse("a DICOM file's packed frames are damaged, or cut off");
        if (is_first) {
            std::vector<char> bytes(length);
            read(piece, position, bytes.data(), bytes.size());
            for (size_t index = 0; index + 4 <= bytes.size(); index += 4)
                table.push_back(four((const unsigned char *)bytes.data() + index));
            base = position + length;
            is_first = false;
        } else {
            if (fragments_.size() >= (size_t)1 << 22) reader_refuse("a DICOM file has too many fragments");
            fragments_.push_back({position, length});
        }
        position += length;
    }
    if (fragments_.size() == count_ || count_ == 1) return;
    // Of several frames in more fragments only the table tells which belong together.
    if (table.size() != count_)
        reader_refuse("a DICOM file doesn't say which of its packed pieces are which frame; save it unpacked");
    for (uint64_t offset : table) {
        size_t index = firsts_.empty() ? 0 : firsts_.back() + 1;
        while (index < fragments_.size() && fragments_[index].start - 8 != base + offset) index++;
        if (index == fragments_.size()) reader_refuse("a DICOM file's table of frames is damaged");
        firsts_.push_back(index);
    }
}

std::string Frames::packed(unsigned index) const {
    size_t first = index, last = index + 1;
    if (count_ == 1) {
        first = 0;
        last = fragments_.size();
    } else if (!firsts_.empty()) {
        first = firsts_[index];
        last = index + 1 < firsts_.size() ? firsts_[index + 1] : fragments_.size();
    }
    uint64_t all = 0;
    for (size_t number = first; number < last; number++) all += fragments_[number].length;
    if (all == 0 || all > most_bytes) reader_refuse("a packed DICOM frame is empty, or has more than 1 GiB");
    reader_limit_memory(((size_t)256 << 20) + 8 * layout_.bytes() + 6 * (size_t)all);
    std::string bytes((size_t)all, 0);
    size_t done = 0;
    for (size_t number = first; number < last; number++)
        done += read(head_.piece, fragments_[number].start, &bytes[done], (size_t)fragments_[number].length);
    if (done != bytes.size()) reader_refuse("a DICOM file is cut off");
    return bytes;
}

void Frames::take_bare(unsigned index) {
    uint64_t offset = (uint64_t)layout_.bytes() * index;
    if (head_.is_inflated)
        memcpy(bytes_.data(), head_.inflated.data() + offset, bytes_.size());
    else if (read(head_.piece, head_.start + offset, bytes_.data(), bytes_.size()) != bytes_.size())
        reader_refuse("a DICOM file is cut off");
    size_t size = layout_.allocated / 8;
    if (head_.is_big_endian && size > 1)
        for (size_t place = 0; place < bytes_.size(); place += size)
            for (size_t low = 0, high = size - 1; low < high; low++, high--)
                std::swap(bytes_[place + low], bytes_[place + high]);
    if (!layout_.is_planar || layout_.samples == 1) return;
    std::vector<char> beside(bytes_.size());
    size_t pixels = (size_t)layout_.rows * layout_.columns;
    for (size_t pixel = 0; pixel < pixels; pixel++)
        for (size_t sample = 0; sample < layout_.samples; sample++)
            memcpy(&beside[(pixel * layout_.samples + sample) * size], &bytes_[(sample * pixels + pixel) * size], size);
    bytes_ = std::move(beside);
}

const std::vector<char> &Frames::frame(unsigned index) {
    if (index >= count_) reader_refuse("a DICOM file has fewer frames than it said");
    bytes_.resize(layout_.bytes());
    if (head_.is_packed)
        unpack(packed(index), head_.syntax, layout_, bytes_);
    else
        take_bare(index);
    if (layout_.samples == 3) make_red_green_blue(layout_, bytes_);
    return bytes_;
}

}  // namespace dicom
