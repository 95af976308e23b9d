#include "ck_layers.h"

extern const ck_layers layers_portable;
#if defined(__x86_64__)
extern const ck_layers layers_avx2, layers_avx512;
#endif

const ck_layers *ck_layers_for(ck_isa isa)
{
    switch (ck_isa_resolve(isa)) {
#if defined(__x86_64__)
    case ck_isa_avx512: return &layers_avx512;
    case ck_isa_avx2: return &layers_avx2;
#endif
    default: return &layers_portable;
    }
}
