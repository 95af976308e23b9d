#ifndef CDICOM_READER_UNPACKING_HPP
#define CDICOM_READER_UNPACKING_HPP
#include "reader.hpp"

namespace dicom {

// Unpacks a frame by the codec of a transfer syntax; its size and type must be those that the file says.
void unpack(const std::string &packed, const std::string &syntax, const Layout &layout, std::vector<char> &frame);

// Converts samples of brightness and two differences of colour to red, green and blue; others are left.
void make_red_green_blue(const Layout &layout, std::vector<char> &frame);

}  // namespace dicom

#endif
