#include "convolution_internal.h"

// Every function with vector arguments is inlined, so their passing convention does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

#define CK_WIDTH 8
#define CK_ROWS 2
#define CK_TABLE ck_kernels_portable
#include "winograd_vector.h"
#include "winograd_axis.h"
#include "winograd_tiles.h"
#include "winograd_multiply.h"
#include "winograd_weights.h"
#include "winograd_passes.h"
#include "winograd_fused.h"
#include "direct_passes.h"
#include "winograd_table.h"
