#include "layers_kernels.h"
