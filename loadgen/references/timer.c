// How punctually this machine wakes a program that sleeps until each of RATE instants a second: `timer RATE SECONDS`.
// Yardstick for the load generator's send lag; prints one JSON line.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  long long x = *(const long long *)a, y = *(const long long *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "timer RATE SECONDS\n"), 2;
  long long gap = 1000000000LL / atoi(argv[1]), count = (long long)atoi(argv[1]) * atoi(argv[2]);
  long long *late = malloc(count * sizeof *late), start = now();
  prctl(PR_SET_TIMERSLACK, 1);
  for (long long i = 0; i < count; i++) {
    long long due = start + (i + 1) * gap;
    struct timespec until = {due / 1000000000LL, due % 1000000000LL};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    late[i] = now() - due;
  }
  qsort(late, count, sizeof *late, ascending);
  printf("{\"p50Ns\":%lld,\"p99Ns\":%lld}\n", late[count / 2], late[count * 99 / 100]);
}
