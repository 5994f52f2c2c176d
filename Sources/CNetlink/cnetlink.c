#define _GNU_SOURCE
#include "CNetlink.h"

#include <errno.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <unistd.h>

int cnl_open(int protocol, struct mnl_socket **opened) {
  struct mnl_socket *socket = mnl_socket_open2(protocol, SOCK_CLOEXEC);
  if (socket == NULL) return -errno;
  // Kernels before 4.12 and 4.3 have these not: replies are then longer or less explained.
  cnl_set_option(socket, NETLINK_EXT_ACK, 1);
  cnl_set_option(socket, NETLINK_CAP_ACK, 1);
  if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
    int error = errno;
    mnl_socket_close(socket);
    return -error;
  }
  *opened = socket;
  return 0;
}

int cnl_set_option(struct mnl_socket *socket, int option, uint32_t value) {
  return mnl_socket_setsockopt(socket, option, &value, sizeof value) < 0 ? -errno : 0;
}

int cnl_set_buffers(struct mnl_socket *socket, int bytes) {
  int fd = mnl_socket_get_fd(socket), actual = 0;
  socklen_t length = sizeof actual;
  if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) < 0)
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  return getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &actual, &length) < 0 ? -errno : actual;
}

ssize_t cnl_send(struct mnl_socket *socket, const void *bytes, size_t count) {
  ssize_t sent;
  do sent = mnl_socket_sendto(socket, bytes, count);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : sent;
}

ssize_t cnl_receive(
    struct mnl_socket *socket, void *bytes, size_t capacity, uint32_t *sender, int32_t *nsid) {
  struct sockaddr_nl from = {0};
  struct iovec part = {.iov_base = bytes, .iov_len = capacity};
  union {
    char bytes[CMSG_SPACE(sizeof(int32_t))];
    struct cmsghdr header;
  } control;
  struct msghdr header = {
      .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &part, .msg_iovlen = 1,
      .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  ssize_t length;
  do length = recvmsg(mnl_socket_get_fd(socket), &header, MSG_TRUNC | MSG_DONTWAIT);
  while (length < 0 && errno == EINTR);
  if (length < 0) return -errno;
  *sender = from.nl_pid;
  *nsid = -1;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&header); c != NULL; c = CMSG_NXTHDR(&header, c))
    if (c->cmsg_level == SOL_NETLINK && c->cmsg_type == NETLINK_LISTEN_ALL_NSID)
      memcpy(nsid, CMSG_DATA(c), sizeof *nsid);
  return length;
}

int cnl_wait(int descriptor, int milliseconds) {
  struct pollfd entry = {.fd = descriptor, .events = POLLIN};
  int ready = poll(&entry, 1, milliseconds);
  // After a signal: how much time is left is the caller's to know.
  if (ready < 0 && errno == EINTR) return 1;
  return ready < 0 ? -errno : ready;
}

int cnl_watch(int descriptor) {
  int watch = epoll_create1(EPOLL_CLOEXEC);
  if (watch < 0) return -errno;
  struct epoll_event event = {.events = EPOLLIN};
  if (epoll_ctl(watch, EPOLL_CTL_ADD, descriptor, &event) < 0) {
    int error = errno;
    close(watch);
    return -error;
  }
  return watch;
}

uint32_t cnl_load_acquire(const uint32_t *number) {
  return __atomic_load_n(number, __ATOMIC_ACQUIRE);
}

void cnl_store_release(uint32_t *number, uint32_t value) {
  __atomic_store_n(number, value, __ATOMIC_RELEASE);
}

int cnl_contains(const void *bytes, size_t count, const void *wanted, size_t length) {
  return memmem(bytes, count, wanted, length) != NULL;
}

void cnl_prefer_large_pages(void *start, size_t bytes) {
  uintptr_t page = sysconf(_SC_PAGESIZE), first = ((uintptr_t)start + page - 1) & -page;
  // Kernels without large pages refuse.
  if (first < (uintptr_t)start + bytes) madvise((void *)first, (uintptr_t)start + bytes - first, MADV_HUGEPAGE);
}

const char *cnl_errno_name(int number) { return strerrorname_np(number); }

/// Asks the older packet filter, by way of a socket that only stands for the family.
static int ask_legacy(int family, int option, void *value, socklen_t length) {
  int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
  if (fd < 0) return -errno;
  int level = family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
  int result = getsockopt(fd, level, option, value, &length);
  if (result < 0) result = -errno;
  close(fd);
  return result;
}

int cnl_legacy_table(int family, const char *table) {
  // The same for both families.
  _Static_assert(sizeof(struct ipt_getinfo) == sizeof(struct ip6t_getinfo), "they differ");
  struct ipt_getinfo info = {0};
  strncpy(info.name, table, sizeof info.name - 1);
  int result =
      ask_legacy(family, family == AF_INET6 ? IP6T_SO_GET_INFO : IPT_SO_GET_INFO, &info, sizeof info);
  // Each built-in chain has its policy, and the table an entry at its end.
  return result < 0 ? result : (int)info.num_entries - __builtin_popcount(info.valid_hooks) - 1;
}

int cnl_legacy_extension(int family, int is_target, const char *name) {
  struct xt_get_revision asked = {0};
  strncpy(asked.name, name, sizeof asked.name - 1);
  int option = family == AF_INET6
                   ? (is_target ? IP6T_SO_GET_REVISION_TARGET : IP6T_SO_GET_REVISION_MATCH)
                   : (is_target ? IPT_SO_GET_REVISION_TARGET : IPT_SO_GET_REVISION_MATCH);
  return ask_legacy(family, option, &asked, sizeof asked);
}

int cnl_enter_network_namespace(int descriptor) {
  return setns(descriptor, CLONE_NEWNET) < 0 ? -errno : 0;
}

int cnl_new_network_namespace(void) { return unshare(CLONE_NEWNET) < 0 ? -errno : 0; }

long cnl_file_system(const char *path) {
  struct statfs status;
  return statfs(path, &status) < 0 ? -errno : (long)status.f_type;
}

int cnl_memory_file(const char *name) {
  int descriptor = memfd_create(name, MFD_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

// By number: the oldest supported C library has no functions for these.
int cnl_open_process(int process) {
  long descriptor = syscall(SYS_pidfd_open, process, 0);
  return descriptor < 0 ? -errno : (int)descriptor;
}

int cnl_signal_process(int descriptor, int signal) {
  return syscall(SYS_pidfd_send_signal, descriptor, signal, NULL, 0) < 0 ? -errno : 0;
}

int cnl_new_user_namespace(void) { return unshare(CLONE_NEWUSER) < 0 ? -errno : 0; }
