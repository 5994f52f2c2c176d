#define _GNU_SOURCE
#include "CGuard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

static int copy_program(int from, int to)
{
  for (;;) {
    ssize_t count = sendfile(to, from, NULL, 1 << 30);
    if (count < 0 && errno != EINTR) return -1;
    if (count == 0) break;
  }
  int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
  return fcntl(to, F_ADD_SEALS, seals);
}

int cgd_copy_program(void)
{
  int program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (program < 0) return -errno;
  unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  int copy = memfd_create("xfrmctl", flags | MFD_EXEC);
  // Kernels before 6.3 do not know the last one, and need not be told.
  if (copy < 0 && errno == EINVAL) copy = memfd_create("xfrmctl", flags);
  if (copy >= 0 && copy_program(program, copy) == 0) {
    close(program);
    return copy;
  }
  // Where nothing in memory may be run (vm.memfd_noexec), or there is no room, its file serves.
  if (copy >= 0) close(copy);
  return program;
}

/// Has descriptor `number` be `from`, or nothing where that is negative.
static int put(posix_spawn_file_actions_t *actions, int from, int number)
{
  return from < 0 ? posix_spawn_file_actions_addclose(actions, number)
                  : posix_spawn_file_actions_adddup2(actions, from, number);
}

/// Starts it with `output` as its stdout.
static int spawn(pid_t *child, char **words, int copy, int output, int errors)
{
  char *environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  int status = posix_spawn_file_actions_init(&actions);
  if (status) return -status;
  status = posix_spawnattr_init(&attributes);
  if (!status) {
    short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    status = posix_spawnattr_setflags(&attributes, flags);
    if (!status) status = posix_spawnattr_setsigdefault(&attributes, &all);
    if (!status) status = posix_spawnattr_setsigmask(&attributes, &none);
    if (!status) status = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
    if (!status) status = posix_spawn_file_actions_adddup2(&actions, output, 1);
    if (!status) status = posix_spawn_file_actions_adddup2(&actions, 0, 2);
    if (!status) status = put(&actions, copy, 3);
    if (!status) status = put(&actions, errors, 4);
    // A pipe of somebody else's that stayed open would keep them waiting.
    if (!status) status = posix_spawn_file_actions_addclosefrom_np(&actions, 5);
    if (!status) status = posix_spawnp(child, words[0], &actions, &attributes, words, environment);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return -status;
}

/// Returns 0 once there is a byte.
static int wait_for_byte(int input, int milliseconds)
{
  struct pollfd waited = {.fd = input, .events = POLLIN};
  int count;
  do count = poll(&waited, 1, milliseconds);
  while (count < 0 && errno == EINTR);
  if (count < 0) return -errno;
  if (count == 0) return -ETIMEDOUT;
  char byte;
  return read(input, &byte, 1) == 1 ? 0 : -ECHILD;
}

int cgd_start(const char *words, size_t count, int copy, int milliseconds)
{
  size_t number = 0;
  for (size_t index = 0; index < count; index++) number += words[index] == 0;
  char **list = calloc(number + 1, sizeof *list);
  if (!list) return -ENOMEM;
  for (size_t index = 0, word = 0; index < count; index++)
    if (index == 0 || words[index - 1] == 0) list[word++] = (char *)&words[index];

  int ends[2] = {-1, -1}, high[3] = {-1, -1, -1}, status = 0;
  pid_t child = 0;
  if (pipe2(ends, O_CLOEXEC) < 0) status = -errno;
  // Beyond those that the child's own are put over.
  if (!status && (high[0] = fcntl(ends[1], F_DUPFD_CLOEXEC, 10)) < 0) status = -errno;
  if (!status && copy >= 0 && (high[1] = fcntl(copy, F_DUPFD_CLOEXEC, 10)) < 0) status = -errno;
  // Who starts it may have closed its own.
  high[2] = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
  if (!status) status = spawn(&child, list, high[1], high[0], high[2]);
  free(list);
  if (ends[1] >= 0) close(ends[1]);
  for (int index = 0; index < 3; index++)
    if (high[index] >= 0) close(high[index]);
  if (!status) {
    status = wait_for_byte(ends[0], milliseconds);
    int began = !status;
    if (began) status = wait_for_byte(ends[0], milliseconds);
    if (status) {
      int ending = 0;
      kill(child, SIGKILL);
      while (waitpid(child, &ending, 0) < 0 && errno == EINTR) {}
      if (began) status = WIFSIGNALED(ending) ? 128 + WTERMSIG(ending) : WEXITSTATUS(ending);
      // It ended as if all were well, and is not there.
      if (!status) status = 1;
    }
  }
  if (ends[0] >= 0) close(ends[0]);
  return status;
}

void cgd_log(const char *line)
{
  // Not by syslog(3), which waits for a log that is stuck: the way back must not.
  int log = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (log < 0) return;
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
  char text[4096];
  int length =
    snprintf(text, sizeof text, "<%d>xfrmctl[%d]: %s", LOG_DAEMON | LOG_WARNING, (int)getpid(), line);
  if (length >= (int)sizeof text) length = sizeof text - 1;
  sendto(log, text, length, MSG_NOSIGNAL, (struct sockaddr *)&address, sizeof address);
  close(log);
}
