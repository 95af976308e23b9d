#ifndef CHECKS_H
#define CHECKS_H

#include <stdint.h>

/// By `ck_isa`.
extern const char *const isa_names[4];

/// Each tries the kernels of a folder on `cases` random shapes with every instruction set of the processor, compares
/// them with plain loops in float64, prints what is wrong and the worst errors, and returns how many failures it met.
int check_convolution(int cases, uint64_t seed);
int check_upsampling(int cases, uint64_t seed);
int check_fusion(int cases, uint64_t seed);
int check_layers(int cases, uint64_t seed);
int check_losses(int cases, uint64_t seed);

/// Tries the team of threads with `cases` regions and more, and returns how many failures it met.
int check_parallel(int cases, uint64_t seed);

#endif
