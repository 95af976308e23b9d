#include <gdcm-3.0/gdcmSequenceOfItems.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "reader.hpp"

// Lines of fields between tabs; of texts all but letters, digits and a few signs is %XX. Of patients nothing is said.
//
//     N file                 no DICOM
//     D file                 DICOM that is damaged
//     F file class syntax series description rows columns samples allocated stored high sign photometric voxels frames
//       lut                  a file of DICOM: sign is 1 for signed numbers, voxels whether there are any, lut whether the
//                            values stand for those of a table
//     P file frame position orientation spacing step slope intercept name=value …
//                            one of its frames: where it is, and what may tell it from others at the same place

namespace dicom {

namespace {

using gdcm::Tag;

class Listing {
  public:
    Listing() : output_(fdopen(reader_output_place, "w")) {
        if (output_ == nullptr) reader_refuse("the list of the DICOM files cannot be written");
    }

    void begin(char kind, size_t file) { fprintf(output_, "%c\t%zu", kind, file); }

    void field(const std::string &text) {
        fputc('\t', output_);
        for (unsigned char byte : text) {
            if (byte > 0x20 && byte < 0x7f && byte != '%')
                fputc(byte, output_);
            else
                fprintf(output_, "%%%02X", byte);
        }
    }

    void field(unsigned long number) { fprintf(output_, "\t%lu", number); }
    void end() { fputc('\n', output_); }

    void mark(const char *name, const std::string &value) {
        if (!value.empty()) field(std::string(name) + "=" + value);
    }

    void finish() {
        if (fflush(output_) != 0) reader_refuse("the list of the DICOM files cannot be written");
    }

  private:
    FILE *output_;
};

// Where the facts of a frame are looked for: its own groups, those that all frames share, the file.
struct Groups {
    gdcm::SmartPointer<gdcm::SequenceOfItems> shared, own;
    const gdcm::DataSet *file;

    explicit Groups(const gdcm::DataSet &set) : file(&set) {
        if (set.FindDataElement(Tag(0x5200, 0x9229))) shared = set.GetDataElement(Tag(0x5200, 0x9229)).GetValueAsSQ();
        if (set.FindDataElement(Tag(0x5200, 0x9230))) own = set.GetDataElement(Tag(0x5200, 0x9230)).GetValueAsSQ();
    }

    const gdcm::DataSet *group(unsigned frame) const {
        return own && frame < own->GetNumberOfItems() ? &own->GetItem(frame + 1).GetNestedDataSet() : nullptr;
    }

    const gdcm::DataSet *common() const {
        return shared && shared->GetNumberOfItems() > 0 ? &shared->GetItem(1).GetNestedDataSet() : nullptr;
    }

    std::string text(unsigned frame, Tag sequence, Tag tag) const {
        std::string found;
        for (const gdcm::DataSet *set : {group(frame), common()})
            if (set != nullptr && found.empty()) found = dicom::text(*set, sequence, tag);
        return found.empty() ? dicom::text(*file, tag) : found;
    }

    std::string floating(unsigned frame, Tag sequence, Tag tag) const {
        std::string found;
        for (const gdcm::DataSet *set : {group(frame), common()})
            if (set != nullptr && found.empty()) found = dicom::floating(*set, sequence, tag);
        return found.empty() ? dicom::floating(*file, tag) : found;
    }
};

// The distances of pixels of an ultrasound image with one region, in millimeters: its header has centimeters.
std::string ultrasound_spacing(const gdcm::DataSet &set) {
    if (!set.FindDataElement(Tag(0x0018, 0x6011))) return "";
    auto regions = set.GetDataElement(Tag(0x0018, 0x6011)).GetValueAsSQ();
    if (!regions || regions->GetNumberOfItems() != 1) return "";
    const gdcm::DataSet &region = regions->GetItem(1).GetNestedDataSet();
    for (Tag unit : {Tag(0x0018, 0x6024), Tag(0x0018, 0x6026)}) {
        if (!region.FindDataElement(unit)) return "";
        const gdcm::ByteValue *value = region.GetDataElement(unit).GetByteValue();
        if (value == nullptr || value->GetLength() < 2 || value->GetPointer()[0] != 3) return "";
    }
    std::string x = dicom::floating(region, Tag(0x0018, 0x602c)), y = dicom::floating(region, Tag(0x0018, 0x602e));
    char text[80];
    snprintf(text, sizeof text, "%.17g\\%.17g", strtod(y.c_str(), nullptr) * 10, strtod(x.c_str(), nullptr) * 10);
    return text;
}

std::string spacing(const Groups &groups, unsigned frame) {
    std::string found = groups.text(frame, Tag(0x0028, 0x9110), Tag(0x0028, 0x0030));
    if (found.empty()) found = text(*groups.file, Tag(0x0018, 0x1164));
    return found.empty() ? ultrasound_spacing(*groups.file) : found;
}

std::string step(const Groups &groups, unsigned frame) {
    std::string found = groups.text(frame, Tag(0x0028, 0x9110), Tag(0x0018, 0x0088));
    return found.empty() ? groups.text(frame, Tag(0x0028, 0x9110), Tag(0x0018, 0x0050)) : found;
}

void list_frame(Listing &listing, size_t file, const Groups &groups, unsigned frame) {
    const gdcm::DataSet &set = *groups.file;
    listing.begin('P', file);
    listing.field((unsigned long)frame);
    listing.field(groups.text(frame, Tag(0x0020, 0x9113), Tag(0x0020, 0x0032)));
    listing.field(groups.text(frame, Tag(0x0020, 0x9116), Tag(0x0020, 0x0037)));
    listing.field(spacing(groups, frame));
    listing.field(step(groups, frame));
    listing.field(groups.text(frame, Tag(0x0028, 0x9145), Tag(0x0028, 0x1053)));
    listing.field(groups.text(frame, Tag(0x0028, 0x9145), Tag(0x0028, 0x1052)));
    const Tag content(0x0020, 0x9111), diffusion(0x0018, 0x9117), echo(0x0018, 0x9114);
    listing.mark("EchoTime (0018,0081)", text(set, Tag(0x0018, 0x0081)));
    listing.mark("EchoNumbers (0018,0086)", text(set, Tag(0x0018, 0x0086)));
    listing.mark("EffectiveEchoTime (0018,9082)", groups.floating(frame, echo, Tag(0x0018, 0x9082)));
    listing.mark("DiffusionBValue (0018,9087)", groups.floating(frame, diffusion, Tag(0x0018, 0x9087)));
    listing.mark("TemporalPositionIdentifier (0020,0100)", text(set, Tag(0x0020, 0x0100)));
    const gdcm::DataSet *own = groups.group(frame);
    if (own != nullptr) {
        for (auto part : {std::make_pair("TemporalPositionIndex (0020,9128)", Tag(0x0020, 0x9128)),
                          std::make_pair("DimensionIndexValues (0020,9157)", Tag(0x0020, 0x9157))}) {
            std::string bytes = text(*own, content, part.second), shown;
            char digits[8];
            for (unsigned char byte : bytes) {
                snprintf(digits, sizeof digits, "%02x", byte);
                shown += digits;
            }
            listing.mark(part.first, shown);
        }
        listing.mark("StackID (0020,9056)", text(*own, content, Tag(0x0020, 0x9056)));
    }
    listing.mark("TriggerTime (0018,1060)", text(set, Tag(0x0018, 0x1060)));
    listing.mark("AcquisitionNumber (0020,0012)", text(set, Tag(0x0020, 0x0012)));
    listing.mark("ImageType (0008,0008)", text(set, Tag(0x0008, 0x0008)));
    listing.mark("AcquisitionTime (0008,0032)", text(set, Tag(0x0008, 0x0032)));
    listing.mark("InstanceNumber (0020,0013)", text(set, Tag(0x0020, 0x0013)));
    listing.mark("SOPInstanceUID (0008,0018)", text(set, Tag(0x0008, 0x0018)));
    listing.end();
}

void list_file(Listing &listing, size_t file, const Head &head) {
    std::string kind = head.text(Tag(0x0008, 0x0016));
    if (!head.is_known || kind.empty()) {
        // Without these a file of another kind has been read as one of DICOM.
        bool is_syntax_new = head.is_marked && !head.syntax.empty() && head.set.IsEmpty();
        if (!is_syntax_new) {
            listing.begin(head.is_marked ? 'D' : 'N', file);
            listing.end();
            return;
        }
    }
    Layout layout(head);
    unsigned frames = head.has_voxels ? head.frames() : 0;
    listing.begin('F', file);
    listing.field(kind);
    listing.field(head.syntax);
    listing.field(head.text(Tag(0x0020, 0x000e)));
    listing.field(head.text(Tag(0x0008, 0x103e)));
    for (unsigned number : {layout.rows, layout.columns, layout.samples, layout.allocated, layout.stored, layout.high,
                            (unsigned)layout.is_signed})
        listing.field((unsigned long)number);
    listing.field(layout.photometric);
    listing.field((unsigned long)head.has_voxels);
    listing.field((unsigned long)frames);
    listing.field((unsigned long)head.set.FindDataElement(Tag(0x0028, 0x3000)));
    listing.end();
    Groups groups(head.set);
    for (unsigned frame = 0; frame < frames; frame++) list_frame(listing, file, groups, frame);
}

}  // namespace

void list(const std::vector<std::vector<std::string>> &orders) {
    Listing listing;
    for (size_t file = 0; file < orders.size(); file++) {
        reader_hold_clock();
        if (orders[file].size() != 2) reader_refuse("an order is not well formed");
        Piece piece = {strtoull(orders[file][0].c_str(), nullptr, 10), strtoull(orders[file][1].c_str(), nullptr, 10)};
        list_file(listing, file, Head(piece, false));
    }
    listing.finish();
}

}  // namespace dicom
