// The same through Go's netlink library, one request at a time, as it offers no other way.
// Prints the seconds it took.
package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

var (
	left  = net.IPv4(192, 0, 2, 1)
	right = net.IPv4(192, 0, 2, 2)
)

func address(base, number uint32) net.IP {
	ip := make(net.IP, 4)
	binary.BigEndian.PutUint32(ip, base+number)
	return ip
}

func host(base, number uint32) *net.IPNet {
	return &net.IPNet{IP: address(base, number), Mask: net.CIDRMask(32, 32)}
}

func policy(number uint32) *netlink.XfrmPolicy {
	return &netlink.XfrmPolicy{
		Src: host(0x0a000000, number), Dst: host(0x0b000000, number), Dir: netlink.XFRM_DIR_OUT,
		Tmpls: []netlink.XfrmPolicyTmpl{{
			Src: left, Dst: right, Proto: netlink.XFRM_PROTO_ESP, Mode: netlink.XFRM_MODE_TUNNEL,
			Reqid: 1,
		}},
	}
}

func association(number uint32) *netlink.XfrmState {
	key := make([]byte, 36)
	for i := range key {
		key[i] = byte(number + uint32(i))
	}
	return &netlink.XfrmState{
		Src: left, Dst: address(0xc6120000, number), Spi: int(0x1000 + number), Reqid: 1,
		Proto: netlink.XFRM_PROTO_ESP, Mode: netlink.XFRM_MODE_TUNNEL,
		Aead: &netlink.XfrmStateAlgo{Name: "rfc4106(gcm(aes))", Key: key, ICVLen: 128},
	}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func install(handle *netlink.Handle, kind string, first, count uint32) {
	for number := first; number < first+count; number++ {
		if kind == "policies" {
			must(handle.XfrmPolicyAdd(policy(number)))
		} else {
			must(handle.XfrmStateAdd(association(number)))
		}
	}
}

func remove(handle *netlink.Handle, kind string, first, count uint32) {
	for number := first; number < first+count; number++ {
		if kind == "policies" {
			must(handle.XfrmPolicyDel(policy(number)))
		} else {
			must(handle.XfrmStateDel(association(number)))
		}
	}
}

func list(handle *netlink.Handle, kind string) int {
	if kind == "policies" {
		policies, err := handle.XfrmPolicyList(netlink.FAMILY_V4)
		must(err)
		return len(policies)
	}
	associations, err := handle.XfrmStateList(netlink.FAMILY_V4)
	must(err)
	return len(associations)
}

func main() {
	if len(os.Args) < 4 {
		log.Fatal("usage: vishvananda install|list policies|associations COUNT [warm]")
	}
	kind := os.Args[2]
	number, err := strconv.ParseUint(os.Args[3], 10, 32)
	must(err)
	count := uint32(number)
	handle, err := netlink.NewHandle(unix.NETLINK_XFRM)
	must(err)
	if len(os.Args) > 4 {
		install(handle, kind, 0x100000, count/20)
		remove(handle, kind, 0x100000, count/20)
		list(handle, kind)
	}
	start := time.Now()
	switch os.Args[1] {
	case "install":
		install(handle, kind, 0, count)
	case "list":
		if found := list(handle, kind); found != int(count) {
			log.Fatalf("%d listed, not %d", found, count)
		}
	default:
		log.Fatalf("%s?", os.Args[1])
	}
	fmt.Printf("%.6f\n", time.Since(start).Seconds())
}
