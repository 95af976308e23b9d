// Runs all checks. Arguments: number of random cases of each (default 300), seed. Exits with 1 after a failure.
#include <stdio.h>
#include <stdlib.h>

#include "checks.h"
#include "ck_isa.h"

const char *const isa_names[4] = {"", "portable", "avx2", "avx512"};

int main(int argc, char **argv) {
    int cases = argc > 1 ? atoi(argv[1]) : 300;
    uint64_t seed = argc > 2 ? strtoull(argv[2], 0, 10) : 0;
    int failures = check_parallel(cases, seed) + check_convolution(cases, seed) + check_upsampling(cases, seed) + check_fusion(cases, seed) +
                   check_layers(cases, seed) + check_losses(cases, seed);
    printf("kernels up to %s: %d cases each, %d failures\n", isa_names[ck_isa_resolve(ck_isa_automatic)], cases,
           failures);
    return failures > 0;
}
