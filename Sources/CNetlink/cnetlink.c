#define _GNU_SOURCE
#include "CNetlink.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
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

int cnl_enter_network_namespace(int descriptor) {
  return setns(descriptor, CLONE_NEWNET) < 0 ? -errno : 0;
}

int cnl_new_network_namespace(void) { return unshare(CLONE_NEWNET) < 0 ? -errno : 0; }

int cnl_new_user_namespace(void) { return unshare(CLONE_NEWUSER) < 0 ? -errno : 0; }
