#ifndef CNETLINK_H
#define CNETLINK_H

// The kernel's netlink interface and libmnl's sockets, for Swift.
// Messages are built and parsed in Swift; nothing here knows what they mean.

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <netinet/in.h>  // first, or linux/in6.h redefines what the Glibc module already declares

#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/filter.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/pfkeyv2.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <linux/xfrm.h>

#include "newer-constants.h"

// Which module Swift finds these in depends on the order in which it happens to load headers.
enum {
  CNL_SOCK_STREAM = SOCK_STREAM,
  CNL_SOCK_DGRAM = SOCK_DGRAM,
  CNL_SOCK_RAW = SOCK_RAW,
  CNL_SOCK_CLOEXEC = SOCK_CLOEXEC,
  CNL_SOCK_NONBLOCK = SOCK_NONBLOCK,
  CNL_SO_NETNS_COOKIE = SO_NETNS_COOKIE,
};

// Each function returns a negative errno on failure: what Swift does between a call and a look at
// errno is not ours to see.

/// Opens and binds a close-on-exec socket with extended acknowledgements, its port chosen by the
/// kernel.
int cnl_open(int protocol, struct mnl_socket **opened);
/// Sets a 32-bit option at SOL_NETLINK level.
int cnl_set_option(struct mnl_socket *socket, int option, uint32_t value);
/// Asks for buffers of `bytes`, beyond the system's limit where the caller may, and returns what
/// the receive buffer came out as.
int cnl_set_buffers(struct mnl_socket *socket, int bytes);
ssize_t cnl_send(struct mnl_socket *socket, const void *bytes, size_t count);
/// Returns the datagram's whole length, which may exceed `capacity`, the port it came from, and the
/// network namespace, -1 for the socket's own; -EAGAIN if there is none. Not mnl_socket_recvfrom,
/// which hides all of that.
ssize_t cnl_receive(
    struct mnl_socket *socket, void *bytes, size_t capacity, uint32_t *sender, int32_t *nsid);

/// Waits until `descriptor` may be readable and returns 1, as it does after a signal: whoever calls it
/// has to look. Returns 0 on timeout.
int cnl_wait(int descriptor, int milliseconds);

/// Makes a descriptor that is readable when `descriptor` is, or has an error to tell. It does not
/// keep `descriptor` open.
int cnl_watch(int descriptor);

/// Reads and writes a number that another thread, or the kernel, writes and reads.
uint32_t cnl_load_acquire(const uint32_t *number);
void cnl_store_release(uint32_t *number, uint32_t value);

/// Whether `bytes` contain `wanted`.
int cnl_contains(const void *bytes, size_t count, const void *wanted, size_t length);

/// Suggests that the kernel back what lies within `bytes` by large pages.
void cnl_prefer_large_pages(void *start, size_t bytes);

/// The symbol of an error number, such as "EPERM"; NULL if it has none.
const char *cnl_errno_name(int number);

/// Asks for a table of the packet filter that iptables-legacy sets up, which loads the table where
/// that is possible, and returns how many entries it has besides its built-in chains. This and the
/// next are about the calling thread's network namespace.
int cnl_legacy_table(int family, const char *table);
/// Asks that packet filter for revision 0 of a match or a target, and returns the newest.
int cnl_legacy_extension(int family, int is_target, const char *name);

/// Moves the calling thread into the network namespace that `descriptor` names.
int cnl_enter_network_namespace(int descriptor);
/// Moves the calling thread into a new, empty network namespace.
int cnl_new_network_namespace(void);
/// Moves the process, which must have one thread only, into a new user namespace.
int cnl_new_user_namespace(void);

/// The kind of the file system that a directory is in, by its number in linux/magic.h, or a negative
/// errno.
long cnl_file_system(const char *path);

/// Makes a file that is in memory alone and vanishes with the last process that has it open.
int cnl_memory_file(const char *name);
/// Opens a process, so that no other is meant once its number is another one's.
int cnl_open_process(int process);
/// Sends a signal to an open process.
int cnl_signal_process(int descriptor, int signal);

#endif
