#ifndef CNIFTI_SHIM_H
#define CNIFTI_SHIM_H
#include <nifti/nifti2_io.h>
#endif
