#ifndef CGUARD_H
#define CGUARD_H

// A process that outlives the one that starts it, its session and its terminal. Swift has no way to
// say so: the calls are extensions of glibc that its module leaves out.

#include <stddef.h>

/// Opens a copy of the running program in memory that nobody can change, or its file where there can
/// be none, close-on-exec; or returns a negative errno.
int cgd_copy_program(void);

/// Starts a program in a session of its own, with no terminal and no variable of the environment
/// but PATH, and returns once that has written two bytes to its stdout, the first as it begins and
/// the second when it is there: 0. If it does not begin that is a negative errno, -ECHILD if it has
/// ended; and if it ends after that, its exit status, or 128 and the number of the signal.
/// Whatever does not get that far within the time for each byte is ended.
///
/// `words` are the program's path or name and its arguments, each with a zero behind it, `count`
/// bytes in all. It finds the file `copy` as descriptor 3, unless that is negative, and as 4 the
/// caller's stderr, which is not its own.
int cgd_start(const char *words, size_t count, int copy, int milliseconds);

/// Leaves a line in the system's log, under the name of the tool, if that takes it at once.
void cgd_log(const char *line);

#endif
