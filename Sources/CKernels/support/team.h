#ifndef CK_TEAM_H
#define CK_TEAM_H

// What a thread computes at present: `part` of `parts`. Without a region, 0 of 1.
typedef struct ck_region ck_region;
typedef struct {
    ck_region *region;
    int part, parts;
} ck_place;

ck_place ck_place_now(void);

// How many threads, at most as many as asked for, can compute at the same time in a region that starts here.
int ck_parallel_concurrent(int threads);

// Waits until every part of the calling thread's region has come here. The region must have no more parts than threads.
void ck_barrier(void);

#endif
