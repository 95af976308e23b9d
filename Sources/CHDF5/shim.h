#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H
/* Functions and types as in HDF5 1.10, whatever version is there. */
#define H5_USE_110_API
#include <hdf5.h>
#endif
