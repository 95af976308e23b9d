#ifndef CDICOM_READER_INTERNAL_HPP
#define CDICOM_READER_INTERNAL_HPP
#include <gdcm-3.0/gdcmDataSet.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "reader_door.h"

namespace dicom {

// A piece of the file that the process has: a file of DICOM by itself.
struct Piece {
    uint64_t offset, size;
};

// Up to `count` bytes of a piece from a position; returns their number.
size_t read(const Piece &piece, uint64_t position, char *bytes, size_t count);

// The head of a file of DICOM, and where its voxels are.
struct Head {
    Piece piece;
    gdcm::DataSet set;
    std::string syntax;
    // Whether the file says that it is one of DICOM, and whether it could be read.
    bool is_marked = false, is_known = false;
    // Whether there are voxels at `start`, of this many bytes, or packed in fragments.
    bool has_voxels = false, is_packed = false, is_big_endian = false, are_words = false;
    uint64_t start = 0, length = 0;
    // The voxels themselves, of a file that is compressed as a whole.
    std::string inflated;
    bool is_inflated = false;

    // With `voxels`, those of a file that is compressed as a whole are kept.
    Head(const Piece &piece, bool voxels);

    // A value as text, of a group of a sequence's first item or of the file itself; empty if there is none.
    std::string text(gdcm::Tag tag) const;
    unsigned number(gdcm::Tag tag, unsigned otherwise = 0) const;
    unsigned frames() const;
};

std::string text(const gdcm::DataSet &set, gdcm::Tag tag);
std::string text(const gdcm::DataSet &set, gdcm::Tag sequence, gdcm::Tag tag);
// A number of double precision as text.
std::string floating(const gdcm::DataSet &set, gdcm::Tag tag);
std::string floating(const gdcm::DataSet &set, gdcm::Tag sequence, gdcm::Tag tag);

// How the voxels of a file are stored.
struct Layout {
    unsigned rows, columns, samples, allocated, stored, high;
    bool is_signed, is_planar;
    std::string photometric;

    explicit Layout(const Head &head);
    size_t values() const { return (size_t)rows * columns * samples; }
    size_t bytes() const { return values() * (allocated / 8); }
};

// The frames of a file, unpacked one at a time.
class Frames {
  public:
    explicit Frames(const Piece &piece);
    // Integers as they are stored, little-endian, samples beside each other.
    const std::vector<char> &frame(unsigned index);
    const Layout &layout() const { return layout_; }

  private:
    struct Fragment {
        uint64_t start, length;
    };
    void find_fragments();
    std::string packed(unsigned index) const;
    void take_bare(unsigned index);

    Head head_;
    Layout layout_;
    unsigned count_;
    std::vector<Fragment> fragments_;
    // The first fragment of each frame, where there are more of them than frames.
    std::vector<size_t> firsts_;
    std::vector<char> bytes_;
};

void list(const std::vector<std::vector<std::string>> &orders);
void copy(const std::vector<std::vector<std::string>> &orders, int count, char **arguments);

}  // namespace dicom

#endif
