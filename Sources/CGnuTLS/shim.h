#ifndef CGNUTLS_SHIM_H
#define CGNUTLS_SHIM_H
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#endif
