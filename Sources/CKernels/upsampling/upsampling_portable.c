#include "upsampling_kernels.h"
