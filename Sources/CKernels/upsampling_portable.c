#include "upsampling_internal.h"

#define CK_WIDTH 8
#define CK_ROWS 2
#define CK_TABLE ck_upsampling_portable
#include "upsampling.inc"
