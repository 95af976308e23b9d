// Tells ThreadSanitizer what orders threads inside of Swift's libraries, which are built without it. Scripts/race_checks
// loads this before them; their functions are called as ever.
//
// Mutex: its fast paths are compiled into what is checked, and seen. Where threads contend, the library goes to the
// kernel, of which the sanitizer knows nothing: it would report all that the mutex protects.
//
// Counts of references: who gives up a copy of an array has done reading it. Who then finds that no other has it changes
// it in place, which would be reported as a race with that reading, even if both have their copies from within a lock.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

// Missing in programs without the sanitizer, such as those that tests start.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

static void acquire(void *address) {
    if (__tsan_acquire) __tsan_acquire(address);
}

static void release(void *address) {
    if (__tsan_release) __tsan_release(address);
}

// The library's own function, looked up once: references are counted far too often for more.
static void *own(void *_Atomic *place, const char *name) {
    void *known = atomic_load_explicit(place, memory_order_relaxed);
    if (!known) atomic_store_explicit(place, known = dlsym(RTLD_NEXT, name), memory_order_relaxed);
    return known;
}

SWIFT void lockSlow(uint32_t thread, SELF) __asm__(LOCK);
SWIFT bool tryLockSlow(SELF) __asm__(TRY);
SWIFT void unlockSlow(SELF) __asm__(UNLOCK);

SWIFT void lockSlow(uint32_t thread, SELF) {
    static void *_Atomic place;
    SWIFT void (*next)(uint32_t, SELF) = own(&place, LOCK);
    next(thread, self);
    acquire(self);
}

SWIFT bool tryLockSlow(SELF) {
    static void *_Atomic place;
    SWIFT bool (*next)(SELF) = own(&place, TRY);
    bool isLocked = next(self);
    if (isLocked) acquire(self);
    return isLocked;
}

SWIFT void unlockSlow(SELF) {
    static void *_Atomic place;
    SWIFT void (*next)(SELF) = own(&place, UNLOCK);
    release(self);
    next(self);
}

bool swift_isUniquelyReferenced_nonNull_native(void *object) {
    static void *_Atomic place;
    bool (*next)(void *) = own(&place, __func__);
    bool isUnique = next(object);
    if (isUnique) acquire(object);
    return isUnique;
}

// Other values than objects, of which nothing is counted, are zero or have the highest bit.
static void give_up(void *object) {
    if ((intptr_t)object > 0) release(object);
}

void swift_release(void *object) {
    static void *_Atomic place;
    void (*next)(void *) = own(&place, __func__);
    give_up(object);
    next(object);
}

void swift_release_n(void *object, uint32_t count) {
    static void *_Atomic place;
    void (*next)(void *, uint32_t) = own(&place, __func__);
    give_up(object);
    next(object, count);
}
