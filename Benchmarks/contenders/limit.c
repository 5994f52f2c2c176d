// What the kernel and libmnl allow: the least a program can do to install, list and delete policies or SAs, with as
// many requests to a datagram as XFRMKit sends. Prints the seconds it took.
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/xfrm.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { DATAGRAM = 128 * 1024, MESSAGES = 1024, KEY = 36 };

static char request[DATAGRAM + 4096], answer[64 * 1024];
static uint32_t sequence, port;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static struct mnl_socket *connected(void) {
  struct mnl_socket *socket = mnl_socket_open(NETLINK_XFRM);
  if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) err(1, "socket");
  int bytes = 4 << 20, on = 1;
  setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes);
  setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  mnl_socket_setsockopt(socket, NETLINK_EXT_ACK, &on, sizeof on);
  mnl_socket_setsockopt(socket, NETLINK_CAP_ACK, &on, sizeof on);
  port = mnl_socket_get_portid(socket);
  return socket;
}

// MARK: The entries

static void select_entry(struct xfrm_selector *selector, uint32_t number) {
  selector->daddr.a4 = htonl(0x0b000000 + number);
  selector->saddr.a4 = htonl(0x0a000000 + number);
  selector->family = AF_INET;
  selector->prefixlen_d = selector->prefixlen_s = 32;
}

static void no_limits(struct xfrm_lifetime_cfg *lifetime) {
  lifetime->soft_byte_limit = lifetime->hard_byte_limit = XFRM_INF;
  lifetime->soft_packet_limit = lifetime->hard_packet_limit = XFRM_INF;
}

static void put_policy(struct nlmsghdr *message, uint32_t number) {
  struct xfrm_userpolicy_info *policy = mnl_nlmsg_put_extra_header(message, sizeof *policy);
  message->nlmsg_type = XFRM_MSG_NEWPOLICY;
  select_entry(&policy->sel, number);
  no_limits(&policy->lft);
  policy->dir = XFRM_POLICY_OUT;
  struct xfrm_user_tmpl template = {
      .id = {.daddr.a4 = htonl(0xc0000202), .proto = IPPROTO_ESP},
      .family = AF_INET,
      .saddr.a4 = htonl(0xc0000201),
      .reqid = 1,
      .mode = XFRM_MODE_TUNNEL,
      .aalgos = ~0u,
      .ealgos = ~0u,
      .calgos = ~0u,
  };
  mnl_attr_put(message, XFRMA_TMPL, sizeof template, &template);
}

static void put_policy_key(struct nlmsghdr *message, uint32_t number) {
  struct xfrm_userpolicy_id *key = mnl_nlmsg_put_extra_header(message, sizeof *key);
  message->nlmsg_type = XFRM_MSG_DELPOLICY;
  select_entry(&key->sel, number);
  key->dir = XFRM_POLICY_OUT;
}

static void put_association(struct nlmsghdr *message, uint32_t number) {
  struct xfrm_usersa_info *association = mnl_nlmsg_put_extra_header(message, sizeof *association);
  message->nlmsg_type = XFRM_MSG_NEWSA;
  association->id.daddr.a4 = htonl(0xc6120000 + number);
  association->id.spi = htonl(0x1000 + number);
  association->id.proto = IPPROTO_ESP;
  association->saddr.a4 = htonl(0xc0000201);
  no_limits(&association->lft);
  association->reqid = 1;
  association->family = AF_INET;
  association->mode = XFRM_MODE_TUNNEL;
  union {
    struct xfrm_algo_aead header;
    char bytes[sizeof(struct xfrm_algo_aead) + KEY];
  } algorithm = {{.alg_name = "rfc4106(gcm(aes))", .alg_key_len = KEY * 8, .alg_icv_len = 128}};
  for (int i = 0; i < KEY; i++) algorithm.header.alg_key[i] = number + i;
  mnl_attr_put(message, XFRMA_ALG_AEAD, sizeof algorithm, &algorithm);
}

static void put_association_id(struct nlmsghdr *message, uint32_t number) {
  struct xfrm_usersa_id *id = mnl_nlmsg_put_extra_header(message, sizeof *id);
  message->nlmsg_type = XFRM_MSG_DELSA;
  id->daddr.a4 = htonl(0xc6120000 + number);
  id->spi = htonl(0x1000 + number);
  id->family = AF_INET;
  id->proto = IPPROTO_ESP;
}

// MARK: Changes

/// Sends a datagram of requests and waits until the last is answered.
static void exchange(struct mnl_socket *socket, size_t length) {
  if (mnl_socket_sendto(socket, request, length) < 0) err(1, "send");
  for (;;) {
    ssize_t received = mnl_socket_recvfrom(socket, answer, sizeof answer);
    if (received < 0) err(1, "receive");
    int rest = received;
    for (struct nlmsghdr *message = (void *)answer; mnl_nlmsg_ok(message, rest);
         message = mnl_nlmsg_next(message, &rest)) {
      struct nlmsgerr *error = mnl_nlmsg_get_payload(message);
      if (error->error) errno = -error->error, err(1, "request %u", message->nlmsg_seq);
      if (message->nlmsg_seq == sequence) return;
    }
  }
}

static void perform(void (*put)(struct nlmsghdr *, uint32_t), uint32_t first, uint32_t count) {
  struct mnl_socket *socket = connected();
  for (uint32_t number = first; number < first + count;) {
    size_t length = 0;
    struct nlmsghdr *message = NULL;
    for (int i = 0; i < MESSAGES && length < DATAGRAM && number < first + count; i++) {
      message = mnl_nlmsg_put_header(request + length);
      message->nlmsg_flags = NLM_F_REQUEST;
      message->nlmsg_seq = ++sequence;
      put(message, number++);
      length += MNL_ALIGN(message->nlmsg_len);
    }
    message->nlmsg_flags |= NLM_F_ACK;
    exchange(socket, length);
  }
  mnl_socket_close(socket);
}

// MARK: Lists

static int index_attribute(const struct nlattr *attribute, void *data) {
  const struct nlattr **table = data;
  if (mnl_attr_type_valid(attribute, 63) > 0) table[mnl_attr_get_type(attribute)] = attribute;
  return MNL_CB_OK;
}

static uint64_t read_policy(const struct nlmsghdr *message) {
  const struct nlattr *attributes[64] = {0};
  const struct xfrm_userpolicy_info *policy = mnl_nlmsg_get_payload(message);
  mnl_attr_parse(message, sizeof *policy, index_attribute, attributes);
  uint64_t sum = policy->sel.daddr.a4 + policy->sel.saddr.a4 + policy->priority + policy->index;
  if (attributes[XFRMA_TMPL]) {
    const struct xfrm_user_tmpl *template = mnl_attr_get_payload(attributes[XFRMA_TMPL]);
    sum += template->reqid;
  }
  return sum;
}

static uint64_t read_association(const struct nlmsghdr *message) {
  const struct nlattr *attributes[64] = {0};
  const struct xfrm_usersa_info *association = mnl_nlmsg_get_payload(message);
  mnl_attr_parse(message, sizeof *association, index_attribute, attributes);
  uint64_t sum = association->id.daddr.a4 + association->id.spi + association->reqid;
  if (attributes[XFRMA_ALG_AEAD]) {
    const struct xfrm_algo_aead *algorithm = mnl_attr_get_payload(attributes[XFRMA_ALG_AEAD]);
    sum += algorithm->alg_key_len;
  }
  return sum;
}

/// Lists a table; `read`, unless NULL, looks at each entry. Returns how many there were.
static unsigned list(int type, uint64_t (*read)(const struct nlmsghdr *)) {
  struct mnl_socket *socket = connected();
  struct nlmsghdr *header = mnl_nlmsg_put_header(request);
  header->nlmsg_type = type;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  header->nlmsg_seq = ++sequence;
  if (mnl_socket_sendto(socket, header, header->nlmsg_len) < 0) err(1, "send");
  unsigned count = 0;
  static volatile uint64_t sum;
  for (;;) {
    ssize_t received = mnl_socket_recvfrom(socket, answer, sizeof answer);
    if (received < 0) err(1, "receive");
    int rest = received;
    for (struct nlmsghdr *message = (void *)answer; mnl_nlmsg_ok(message, rest);
         message = mnl_nlmsg_next(message, &rest)) {
      if (!mnl_nlmsg_seq_ok(message, sequence) || !mnl_nlmsg_portid_ok(message, port)) continue;
      if (message->nlmsg_type == NLMSG_DONE) {
        mnl_socket_close(socket);
        return count;
      }
      if (message->nlmsg_type == NLMSG_ERROR) errx(1, "refused");
      count++;
      if (read) sum += read(message);
    }
  }
}

int main(int argc, char **argv) {
  if (argc < 4) errx(64, "usage: limit install|list|receive|delete policies|associations COUNT [warm]");
  const char *what = argv[1];
  bool policies = !strcmp(argv[2], "policies");
  unsigned count = atoi(argv[3]), found = count;
  int question = policies ? XFRM_MSG_GETPOLICY : XFRM_MSG_GETSA;
  void (*add)(struct nlmsghdr *, uint32_t) = policies ? put_policy : put_association;
  void (*remove)(struct nlmsghdr *, uint32_t) = policies ? put_policy_key : put_association_id;
  uint64_t (*read)(const struct nlmsghdr *) = policies ? read_policy : read_association;

  if (argc > 4) {
    perform(add, 0x100000, count / 20);
    perform(remove, 0x100000, count / 20);
    list(question, read);
  }
  double start = now();
  if (!strcmp(what, "install"))
    perform(add, 0, count);
  else if (!strcmp(what, "delete"))
    perform(remove, 0, count);
  else if (!strcmp(what, "list"))
    found = list(question, read);
  else if (!strcmp(what, "receive"))
    found = list(question, NULL);
  else
    errx(64, "%s?", what);
  double seconds = now() - start;
  if (found != count) errx(1, "%u listed, not %u", found, count);
  printf("%.6f\n", seconds);
}
