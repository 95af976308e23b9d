#include <gdcm-3.0/gdcmReader.h>
#include <gdcm-3.0/gdcmSequenceOfItems.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <istream>
#include <streambuf>

#include "reader.hpp"

namespace dicom {

namespace {

// Nothing here may wait to be made: the process runs before objects of the program are.
gdcm::Tag voxels_tag() { return gdcm::Tag(0x7fe0, 0x0010); }
const char deflated[] = "1.2.840.10008.1.2.1.99";
const char big_endian[] = "1.2.840.10008.1.2.2";

// A piece as a stream that GDCM reads.
class Source : public std::streambuf {
  public:
    explicit Source(const Piece &piece) : piece_(piece) {}

  protected:
    int_type underflow() override {
        at_ += (uint64_t)(egptr() - eback());
        size_t count = read(piece_, at_, bytes_, sizeof bytes_);
        setg(bytes_, bytes_, bytes_ + count);
        return count == 0 ? traits_type::eof() : traits_type::to_int_type(bytes_[0]);
    }

    pos_type seekoff(off_type offset, std::ios_base::seekdir from, std::ios_base::openmode) override {
        off_type base = from == std::ios_base::beg   ? 0
                        : from == std::ios_base::cur ? (off_type)at_ + (gptr() - eback())
                                                     : (off_type)piece_.size;
        off_type target = base + offset;
        if (target < 0 || target > (off_type)piece_.size) return pos_type(off_type(-1));
        if (target >= (off_type)at_ && target <= (off_type)at_ + (egptr() - eback())) {
            setg(eback(), eback() + (target - (off_type)at_), egptr());
        } else {
            at_ = (uint64_t)target;
            setg(bytes_, bytes_, bytes_);
        }
        return pos_type(target);
    }

    pos_type seekpos(pos_type position, std::ios_base::openmode mode) override {
        return seekoff(off_type(position), std::ios_base::beg, mode);
    }

  private:
    Piece piece_;
    // The place of the first byte that is held.
    uint64_t at_ = 0;
    char bytes_[1 << 14];
};

uint32_t four(const unsigned char *bytes, bool is_big) {
    return is_big ? (uint32_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3]
                  : (uint32_t)bytes[3] << 24 | bytes[2] << 16 | bytes[1] << 8 | bytes[0];
}

// Text without the spaces around it, as long as any of use.
std::string trimmed(const char *bytes, size_t count) {
    size_t first = 0;
    if (count > 1024) count = 1024;
    while (count > first && (bytes[count - 1] == ' ' || bytes[count - 1] == 0)) count--;
    while (first < count && bytes[first] == ' ') first++;
    return std::string(bytes + first, count - first);
}

const gdcm::ByteValue *bytes_of(const gdcm::DataSet &set, gdcm::Tag tag) {
    return set.FindDataElement(tag) ? set.GetDataElement(tag).GetByteValue() : nullptr;
}

gdcm::SmartPointer<gdcm::SequenceOfItems> items(const gdcm::DataSet &set, gdcm::Tag tag) {
    gdcm::SmartPointer<gdcm::SequenceOfItems> found;
    if (set.FindDataElement(tag)) found = set.GetDataElement(tag).GetValueAsSQ();
    if (found && found->GetNumberOfItems() == 0) return gdcm::SmartPointer<gdcm::SequenceOfItems>();
    return found;
}

}  // namespace

size_t read(const Piece &piece, uint64_t position, char *bytes, size_t count) {
    if (position >= piece.size) return 0;
    if (count > piece.size - position) count = (size_t)(piece.size - position);
    size_t done = 0;
    while (done < count) {
        ssize_t now = pread(reader_file_place, bytes + done, count - done, (off_t)(piece.offset + position + done));
        if (now < 0 && errno == EINTR) continue;
        if (now <= 0) break;
        done += (size_t)now;
    }
    return done;
}

std::string text(const gdcm::DataSet &set, gdcm::Tag tag) {
    const gdcm::ByteValue *value = bytes_of(set, tag);
    return value == nullptr || value->GetPointer() == nullptr ? "" : trimmed(value->GetPointer(), value->GetLength());
}

std::string text(const gdcm::DataSet &set, gdcm::Tag sequence, gdcm::Tag tag) {
    auto found = items(set, sequence);
    return found ? text(found->GetItem(1).GetNestedDataSet(), tag) : "";
}

std::string floating(const gdcm::DataSet &set, gdcm::Tag tag) {
    const gdcm::ByteValue *value = bytes_of(set, tag);
    double number;
    if (value == nullptr || value->GetPointer() == nullptr || value->GetLength() < sizeof number) return "";
    memcpy(&number, value->GetPointer(), sizeof number);
    char text[40];
    snprintf(text, sizeof text, "%.17g", number);
    return text;
}

std::string floating(const gdcm::DataSet &set, gdcm::Tag sequence, gdcm::Tag tag) {
    auto found = items(set, sequence);
    return found ? floating(found->GetItem(1).GetNestedDataSet(), tag) : "";
}

Head::Head(const Piece &piece, bool voxels) : piece(piece) {
    char mark[132] = "";
    is_marked = read(piece, 0, mark, sizeof mark) == sizeof mark && memcmp(mark + 128, "DICM", 4) == 0;
    Source source(piece);
    std::istream stream(&source);
    gdcm::Reader reader;
    reader.SetStream(stream);
    bool is_read = false;
    try {
        // Voxels are no part of the head, however they are stored.
        is_read = reader.ReadUpToTag(voxels_tag(), {voxels_tag(), gdcm::Tag(0x7fe0, 0x0008), gdcm::Tag(0x7fe0, 0x0009)});
    } catch (const std::bad_alloc &) {
        throw;
    } catch (...) {
    }
    set = reader.GetFile().GetDataSet();
    const auto &header = reader.GetFile().GetHeader();
    syntax = dicom::text(header, gdcm::Tag(0x0002, 0x0010));
    is_known = is_read || set.FindDataElement(gdcm::Tag(0x0008, 0x0016));
    if (syntax.empty()) {
        const char *guessed = header.GetDataSetTransferSyntax().GetString();
        if (guessed != nullptr) syntax = guessed;
    }
    is_big_endian = syntax == big_endian;
    if (syntax == deflated) {
        is_inflated = has_voxels = number(gdcm::Tag(0x0028, 0x0010)) > 0;
        if (!voxels) return;
        Source again(piece);
        std::istream whole(&again);
        gdcm::Reader complete;
        complete.SetStream(whole);
        complete.Read();
        const gdcm::ByteValue *value = bytes_of(complete.GetFile().GetDataSet(), voxels_tag());
        if (value == nullptr || value->GetPointer() == nullptr) reader_refuse("a DICOM file is cut off");
        inflated.assign(value->GetPointer(), value->GetLength());
        length = inflated.size();
        return;
    }
    stream.clear();
    auto place = stream.tellg();
    unsigned char front[12] = "";
    if (place < 12 || read(piece, (uint64_t)place - 12, (char *)front, sizeof front) != sizeof front) return;
    // The tag is at the start of its element: with the type of its value and without.
    const unsigned char little[] = {0xe0, 0x7f, 0x10, 0x00}, big[] = {0x7f, 0xe0, 0x00, 0x10};
    const unsigned char *tag = is_big_endian ? big : little;
    if (memcmp(front, tag, 4) != 0 && memcmp(front + 4, tag, 4) != 0) return;
    are_words = memcmp(front, tag, 4) == 0 && memcmp(front + 4, "OW", 2) == 0;
    has_voxels = true;
    start = (uint64_t)place;
    length = four(front + 8, is_big_endian);
    is_packed = length == 0xffffffff;
}

std::string Head::text(gdcm::Tag tag) const { return dicom::text(set, tag); }

unsigned Head::number(gdcm::Tag tag, unsigned otherwise) const {
    const gdcm::ByteValue *value = bytes_of(set, tag);
    if (value == nullptr || value->GetPointer() == nullptr || value->GetLength() < 2) return otherwise;
    uint16_t number;
    memcpy(&number, value->GetPointer(), sizeof number);
    return number;
}

unsigned Head::frames() const {
    std::string count = text(gdcm::Tag(0x0028, 0x0008));
    if (count.empty()) return 1;
    long number = strtol(count.c_str(), nullptr, 10);
    return number < 0 || number > 1000000 ? 0 : (unsigned)number;
}

Layout::Layout(const Head &head)
    : rows(head.number(gdcm::Tag(0x0028, 0x0010))),
      columns(head.number(gdcm::Tag(0x0028, 0x0011))),
      samples(head.number(gdcm::Tag(0x0028, 0x0002), 1)),
      allocated(head.number(gdcm::Tag(0x0028, 0x0100))),
      stored(head.number(gdcm::Tag(0x0028, 0x0101), allocated)),
      high(head.number(gdcm::Tag(0x0028, 0x0102), stored - 1)),
      is_signed(head.number(gdcm::Tag(0x0028, 0x0103)) == 1),
      is_planar(head.number(gdcm::Tag(0x0028, 0x0006)) == 1),
      photometric(head.text(gdcm::Tag(0x0028, 0x0004))) {}

}  // namespace dicom
