#define _GNU_SOURCE
#include "CInterposition.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>

static _Thread_local const struct cni_hooks *hooks;

void cni_set_hooks(const struct cni_hooks *new_hooks) { hooks = new_hooks; }

// The library's function of that name.
#define NEXT(function)                                    \
  ({                                                      \
    static __typeof__(&function) next;                    \
    if (next == NULL) next = dlsym(RTLD_NEXT, #function); \
    next;                                                 \
  })

static int is_netlink(int descriptor) {
  int domain = 0;
  socklen_t length = sizeof domain;
  NEXT(getsockopt)(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &length);
  return domain == AF_NETLINK;
}

static ssize_t result(ssize_t value) {
  if (value >= 0) return value;
  errno = (int)-value;
  return -1;
}

static int passes(enum cni_call call) {
  return result(hooks->call(hooks->context, call)) == 0;
}

int socket(int domain, int type, int protocol) {
  if (hooks != NULL && domain == AF_NETLINK && !passes(CNI_SOCKET)) return -1;
  return NEXT(socket)(domain, type, protocol);
}

int bind(int descriptor, const struct sockaddr *address, socklen_t length) {
  if (hooks != NULL && is_netlink(descriptor) && !passes(CNI_BIND)) return -1;
  return NEXT(bind)(descriptor, address, length);
}

int getsockname(int descriptor, struct sockaddr *address, socklen_t *length) {
  if (hooks != NULL && is_netlink(descriptor) && !passes(CNI_GETSOCKNAME)) return -1;
  return NEXT(getsockname)(descriptor, address, length);
}

int setsockopt(int descriptor, int level, int option, const void *value, socklen_t length) {
  if (hooks != NULL && is_netlink(descriptor) && !passes(CNI_SETSOCKOPT)) return -1;
  return NEXT(setsockopt)(descriptor, level, option, value, length);
}

int getsockopt(int descriptor, int level, int option, void *value, socklen_t *length) {
  if (hooks != NULL && is_netlink(descriptor) && !passes(CNI_GETSOCKOPT)) return -1;
  return NEXT(getsockopt)(descriptor, level, option, value, length);
}

ssize_t sendto(int descriptor, const void *bytes, size_t count, int flags,
               const struct sockaddr *address, socklen_t length) {
  if (hooks != NULL && is_netlink(descriptor))
    return result(hooks->send(hooks->context, descriptor, bytes, count));
  return NEXT(sendto)(descriptor, bytes, count, flags, address, length);
}

ssize_t recvmsg(int descriptor, struct msghdr *message, int flags) {
  if (hooks == NULL || !is_netlink(descriptor)) return NEXT(recvmsg)(descriptor, message, flags);
  struct sockaddr_nl *from = message->msg_name;
  memset(from, 0, sizeof *from);
  return result(hooks->receive(hooks->context, descriptor, message->msg_iov[0].iov_base,
                               message->msg_iov[0].iov_len, &from->nl_pid));
}

int poll(struct pollfd *entries, nfds_t count, int milliseconds) {
  if (hooks != NULL && count == 1 && is_netlink(entries[0].fd)) {
    int ready = (int)result(hooks->wait(hooks->context, entries[0].fd, milliseconds));
    entries[0].revents = ready > 0 ? POLLIN : 0;
    return ready;
  }
  return NEXT(poll)(entries, count, milliseconds);
}

ssize_t cni_send(int descriptor, const void *bytes, size_t count) {
  struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  ssize_t sent = NEXT(sendto)(descriptor, bytes, count, 0, (void *)&kernel, sizeof kernel);
  return sent < 0 ? -errno : sent;
}

ssize_t cni_receive(int descriptor, void *bytes, size_t capacity, uint32_t *sender) {
  struct sockaddr_nl from = {0};
  struct iovec part = {.iov_base = bytes, .iov_len = capacity};
  struct msghdr message = {
      .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &part, .msg_iovlen = 1};
  ssize_t length = NEXT(recvmsg)(descriptor, &message, MSG_TRUNC | MSG_DONTWAIT);
  *sender = from.nl_pid;
  return length < 0 ? -errno : length;
}

int cni_wait(int descriptor, int milliseconds) {
  struct pollfd entry = {.fd = descriptor, .events = POLLIN};
  int ready = NEXT(poll)(&entry, 1, milliseconds);
  return ready < 0 ? -errno : ready;
}

uint32_t cni_port(int descriptor) {
  struct sockaddr_nl address = {0};
  socklen_t length = sizeof address;
  NEXT(getsockname)(descriptor, (void *)&address, &length);
  return address.nl_pid;
}

int cni_talk_to(int protocol, uint32_t port, const void *bytes, size_t count) {
  int descriptor = NEXT(socket)(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  if (descriptor < 0) return -errno;
  struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_pid = port};
  ssize_t sent =
      NEXT(sendto)(descriptor, bytes, count, MSG_DONTWAIT, (void *)&address, sizeof address);
  int outcome = sent < 0 ? -errno : 0;
  close(descriptor);
  return outcome;
}

int cni_own_files(void) { return unshare(CLONE_FILES) == 0 ? 0 : -errno; }

static _Thread_local int file_calls_left = -1, file_errno, is_torn;

void cni_fail_files(int after, int error) {
  file_calls_left = after;
  file_errno = error;
  is_torn = 0;
}

// Whether the disk is still well.
static int writes(void) {
  if (file_calls_left < 0) return 1;
  if (file_calls_left > 0) {
    file_calls_left--;
    return 1;
  }
  errno = file_errno;
  return 0;
}

// How much of a write a disk takes: the first that fails leaves half behind, as a full one does.
static size_t taken(size_t count) {
  if (file_calls_left != 0 || is_torn || count < 2) return count;
  is_torn = 1;
  file_calls_left = 1;
  return count / 2;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  size_t part = taken(count);
  return writes() ? NEXT(pwrite)(descriptor, bytes, part, offset) : -1;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  size_t part = taken(count);
  return writes() ? NEXT(write)(descriptor, bytes, part) : -1;
}

int fdatasync(int descriptor) { return writes() ? NEXT(fdatasync)(descriptor) : -1; }

int fsync(int descriptor) { return writes() ? NEXT(fsync)(descriptor) : -1; }

int ftruncate(int descriptor, off_t length) {
  return writes() ? NEXT(ftruncate)(descriptor, length) : -1;
}

int renameat(int from, const char *old, int to, const char *new) {
  return writes() ? NEXT(renameat)(from, old, to, new) : -1;
}

int rename(const char *old, const char *new) { return writes() ? NEXT(rename)(old, new) : -1; }
