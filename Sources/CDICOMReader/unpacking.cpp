#include "unpacking.hpp"

#include <gdcm-3.0/gdcmDataElement.h>
#include <gdcm-3.0/gdcmFragment.h>
#include <gdcm-3.0/gdcmJPEG2000Codec.h>
#include <gdcm-3.0/gdcmJPEGCodec.h>
#include <gdcm-3.0/gdcmJPEGLSCodec.h>
#include <gdcm-3.0/gdcmRLECodec.h>
#include <gdcm-3.0/gdcmSequenceOfFragments.h>
#include <gdcm-3.0/gdcmTransferSyntax.h>

#include <cmath>
#include <cstring>
#include <sstream>

namespace dicom {

namespace {

gdcm::PixelFormat format_of(const Layout &layout) {
    return gdcm::PixelFormat((unsigned short)layout.samples, (unsigned short)layout.allocated,
                             (unsigned short)layout.stored, (unsigned short)layout.high, layout.is_signed ? 1 : 0);
}

// What stands in front of the packed samples must agree with the file's head: the codecs trust it, and write more or
// less than there is room for.
template <class Codec>
void check_front(const std::string &packed, const Layout &layout) {
    Codec codec;
    codec.SetPixelFormat(format_of(layout));
    std::istringstream stream(packed);
    gdcm::TransferSyntax syntax;
    if (!codec.GetHeaderInfo(stream, syntax)) reader_refuse("a packed DICOM frame is damaged");
    const unsigned *sizes = codec.GetDimensions();
    const gdcm::PixelFormat &format = codec.GetPixelFormat();
    if (sizes[0] != layout.columns || sizes[1] != layout.rows || format.GetSamplesPerPixel() != layout.samples)
        reader_refuse("a packed DICOM frame has %u × %u pixels of %u samples; its file says %u × %u of %u", sizes[0],
                      sizes[1], format.GetSamplesPerPixel(), layout.columns, layout.rows, layout.samples);
    // Numbers of 12 bits are unpacked to 16.
    if ((format.GetBitsAllocated() + 7) / 8 != layout.allocated / 8 || (format.GetPixelRepresentation() == 1 && !layout.is_signed))
        reader_refuse("a packed DICOM frame has other numbers than its file says; save it unpacked");
    if (codec.IsLossy() && codec.GetPhotometricInterpretation() == gdcm::PhotometricInterpretation::RGB &&
        (layout.photometric == "YBR_FULL" || layout.photometric == "YBR_FULL_422"))
        reader_refuse("a packed DICOM frame has other colours than its file says; save it unpacked");
}

// Colours are left as they are packed where the codec is told that they are red, green and blue.
template <class Codec>
void decode(Codec &codec, const std::string &packed, const Layout &layout, std::vector<char> &frame) {
    const unsigned sizes[3] = {layout.columns, layout.rows, 1};
    codec.SetNumberOfDimensions(2);
    codec.SetDimensions(sizes);
    codec.SetPlanarConfiguration(0);
    codec.SetPhotometricInterpretation(layout.samples == 3 ? gdcm::PhotometricInterpretation::RGB
                                                           : gdcm::PhotometricInterpretation::MONOCHROME2);
    codec.SetPixelFormat(format_of(layout));
    gdcm::Fragment fragment;
    fragment.SetByteValue(packed.data(), (uint32_t)packed.size());
    gdcm::SmartPointer<gdcm::SequenceOfFragments> fragments = new gdcm::SequenceOfFragments;
    fragments->AddFragment(fragment);
    gdcm::DataElement in(gdcm::Tag(0x7fe0, 0x0010)), out;
    in.SetValue(*fragments);
    const gdcm::ByteValue *value = codec.Decode(in, out) ? out.GetByteValue() : nullptr;
    if (value == nullptr || value->GetPointer() == nullptr || value->GetLength() < frame.size() ||
        value->GetLength() > frame.size() + 1)
        reader_refuse("a packed DICOM frame is damaged, or has other voxels than its file says");
    memcpy(frame.data(), value->GetPointer(), frame.size());
}

template <class Codec>
void decode_checked(const std::string &packed, const Layout &layout, std::vector<char> &frame) {
    check_front<Codec>(packed, layout);
    Codec codec;
    decode(codec, packed, layout, frame);
}

}  // namespace

void unpack(const std::string &packed, const std::string &syntax, const Layout &layout, std::vector<char> &frame) {
    if (layout.high + 1 != layout.stored)
        reader_refuse("a packed DICOM file has numbers whose bits begin above the first; save it unpacked");
    if (layout.samples == 3 && layout.allocated != 8)
        reader_refuse("a packed DICOM file has colours of more than 8 bits; save it unpacked");
    const auto kind = gdcm::TransferSyntax::GetTSType(syntax.c_str());
    const gdcm::TransferSyntax type(kind);
    gdcm::RLECodec rle;
    if (rle.CanDecode(type)) {
        rle.SetBufferLength((unsigned long)frame.size());
        decode(rle, packed, layout, frame);
    } else if (gdcm::JPEGCodec().CanDecode(type)) {
        decode_checked<gdcm::JPEGCodec>(packed, layout, frame);
    } else if (gdcm::JPEG2000Codec().CanDecode(type)) {
        decode_checked<gdcm::JPEG2000Codec>(packed, layout, frame);
    } else if (gdcm::JPEGLSCodec().CanDecode(type) && layout.samples == 1) {
        decode_checked<gdcm::JPEGLSCodec>(packed, layout, frame);
    } else {
        reader_refuse("a DICOM file is packed in a way that is not read (transfer syntax %.64s); save it unpacked",
                      syntax.c_str());
    }
}

// PS3.3 C.7.6.3.1.2. JPEG 2000 converts what it names by itself.
void make_red_green_blue(const Layout &layout, std::vector<char> &frame) {
    if (layout.photometric != "YBR_FULL" && layout.photometric != "YBR_FULL_422") return;
    const auto byte = [](double value) { return (char)(unsigned char)(value < 0 ? 0 : value > 255 ? 255 : lround(value)); };
    for (size_t place = 0; place + 3 <= frame.size(); place += 3) {
        double y = (unsigned char)frame[place];
        double blue = (unsigned char)frame[place + 1] - 128.0, red = (unsigned char)frame[place + 2] - 128.0;
        frame[place] = byte(y + 1.402 * red);
        frame[place + 1] = byte(y - 0.344136 * blue - 0.714136 * red);
        frame[place + 2] = byte(y + 1.772 * blue);
    }
}

}  // namespace dicom
