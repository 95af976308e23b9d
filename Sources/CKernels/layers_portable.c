#define LANES 8
#define NAMED(name) name##_portable
#define ISA_NAME "portable"
#include "layers.inc"
