#ifndef CNETLINK_NEWER_CONSTANTS_H
#define CNETLINK_NEWER_CONSTANTS_H

// What the oldest supported headers (Linux 5.15, Ubuntu 22.04) lack, numbered under our own prefix, each with the
// kernel that brought it. Newer headers check the numbers. (The kernel's own names stay untouched:
// Swift would import them with another type.)

#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/version.h>
#include <linux/xfrm.h>

enum {
  CNL_XFRMA_SA_DIR = 33,                  // 6.10
  CNL_XFRMA_NAT_KEEPALIVE_INTERVAL = 34,  // 6.11
  CNL_XFRMA_SA_PCPU = 35,                 // 6.13
  CNL_XFRMA_IPTFS_DROP_TIME = 36,         // 6.14, and the rest of IP-TFS
  CNL_XFRMA_IPTFS_REORDER_WINDOW = 37,
  CNL_XFRMA_IPTFS_DONT_FRAG = 38,
  CNL_XFRMA_IPTFS_INIT_DELAY = 39,
  CNL_XFRMA_IPTFS_MAX_QSIZE = 40,
  CNL_XFRMA_IPTFS_PKT_SIZE = 41,
};

enum {
  CNL_NLMSGERR_ATTR_MISS_TYPE = 5,  // 6.1
  CNL_NLMSGERR_ATTR_MISS_NEST = 6,  // 6.1
};

enum {
  CNL_IFLA_XFRM_COLLECT_METADATA = 3,  // 6.1
};

enum {
  CNL_XFRM_SA_DIR_IN = 1,           // 6.10
  CNL_XFRM_SA_DIR_OUT = 2,          // 6.10
  CNL_XFRM_POLICY_CPU_ACQUIRE = 4,  // 6.13
  CNL_XFRM_MODE_IPTFS = 5,          // 6.14
  CNL_XFRM_MSG_MIGRATE_STATE = 41,  // 7.2
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
_Static_assert(CNL_IFLA_XFRM_COLLECT_METADATA == IFLA_XFRM_COLLECT_METADATA,
               "linux/if_link.h disagrees");
_Static_assert(CNL_NLMSGERR_ATTR_MISS_TYPE == NLMSGERR_ATTR_MISS_TYPE, "linux/netlink.h disagrees");
_Static_assert(CNL_NLMSGERR_ATTR_MISS_NEST == NLMSGERR_ATTR_MISS_NEST, "linux/netlink.h disagrees");
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
_Static_assert(CNL_XFRMA_SA_DIR == XFRMA_SA_DIR, "linux/xfrm.h disagrees");
_Static_assert(CNL_XFRM_SA_DIR_IN == XFRM_SA_DIR_IN, "linux/xfrm.h disagrees");
_Static_assert(CNL_XFRM_SA_DIR_OUT == XFRM_SA_DIR_OUT, "linux/xfrm.h disagrees");
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
_Static_assert(CNL_XFRMA_NAT_KEEPALIVE_INTERVAL == XFRMA_NAT_KEEPALIVE_INTERVAL,
               "linux/xfrm.h disagrees");
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
_Static_assert(CNL_XFRMA_SA_PCPU == XFRMA_SA_PCPU, "linux/xfrm.h disagrees");
_Static_assert(CNL_XFRM_POLICY_CPU_ACQUIRE == XFRM_POLICY_CPU_ACQUIRE, "linux/xfrm.h disagrees");
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
_Static_assert(CNL_XFRMA_IPTFS_DROP_TIME == XFRMA_IPTFS_DROP_TIME, "linux/xfrm.h disagrees");
_Static_assert(CNL_XFRMA_IPTFS_REORDER_WINDOW == XFRMA_IPTFS_REORDER_WINDOW,
               "linux/xfrm.h disagrees");
_Static_assert(CNL_XFRMA_IPTFS_DONT_FRAG == XFRMA_IPTFS_DONT_FRAG, "linux/xfrm.h disagrees");
_Static_assert(CNL_XFRMA_IPTFS_INIT_DELAY == XFRMA_IPTFS_INIT_DELAY, "linux/xfrm.h disagrees");
_Static_assert(CNL_XFRMA_IPTFS_MAX_QSIZE == XFRMA_IPTFS_MAX_QSIZE, "linux/xfrm.h disagrees");
_Static_assert(CNL_XFRMA_IPTFS_PKT_SIZE == XFRMA_IPTFS_PKT_SIZE, "linux/xfrm.h disagrees");
_Static_assert(CNL_XFRM_MODE_IPTFS == XFRM_MODE_IPTFS, "linux/xfrm.h disagrees");
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 2, 0)
_Static_assert(CNL_XFRM_MSG_MIGRATE_STATE == XFRM_MSG_MIGRATE_STATE, "linux/xfrm.h disagrees");
#endif

#endif
