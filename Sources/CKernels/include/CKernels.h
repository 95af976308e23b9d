int ck_placeholder(void);
#include "ck_convolution.h"
#include "ck_parallel.h"
