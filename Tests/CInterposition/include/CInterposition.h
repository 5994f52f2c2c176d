#ifndef CINTERPOSITION_H
#define CINTERPOSITION_H

// What a netlink socket asks of the C library, taken over by a test.
//
// The functions are defined in the test executable, so the linker prefers them to the library's,
// for libmnl's calls too. Without hooks, and for all but netlink sockets, they pass on to those.

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Calls of which only failure is of interest.
enum cni_call { CNI_SOCKET, CNI_BIND, CNI_GETSOCKNAME, CNI_SETSOCKOPT, CNI_GETSOCKOPT };

/// What takes over a thread's calls. Each returns a negative errno on failure.
struct cni_hooks {
  void *context;
  /// 0 lets the call pass.
  int (*call)(void *context, enum cni_call call);
  ssize_t (*send)(void *context, int descriptor, const void *bytes, size_t count);
  /// Returns the datagram's whole length.
  ssize_t (*receive)(void *context, int descriptor, void *bytes, size_t capacity, uint32_t *sender);
  int (*wait)(void *context, int descriptor, int milliseconds);
};

/// Lets `hooks` take over the calling thread's calls, for as long as they live; NULL ends that.
void cni_set_hooks(const struct cni_hooks *hooks);

// The library's own, for hooks.
ssize_t cni_send(int descriptor, const void *bytes, size_t count);
/// Never waits.
ssize_t cni_receive(int descriptor, void *bytes, size_t capacity, uint32_t *sender);
int cni_wait(int descriptor, int milliseconds);
/// The port that the kernel gave a socket.
uint32_t cni_port(int descriptor);
/// Puts a datagram from some other process into the queue of a port of the calling thread's
/// network namespace.
int cni_talk_to(int protocol, uint32_t port, const void *bytes, size_t count);
/// Gives the calling thread open files of its own, for good: a copy of the process's.
int cni_own_files(void);

/// Lets this thread write to disk so many times more: from then on write, pwrite, fdatasync, fsync,
/// ftruncate, rename and renameat fail, but that the first write leaves half of it behind. A negative
/// number lets it write for ever.
void cni_fail_files(int after, int error);

/// Runs a program to its end with nothing to read and nowhere to write, and kills it as it is about to make
/// its call number `call`, counted from 0, of those by which files or the kernel's databases are changed or
/// asked; a negative number lets it end. Tells how many it made, and returns its wait status, or a negative
/// errno.
int cni_run_killed(char *const *arguments, int call, int *made);

#endif
