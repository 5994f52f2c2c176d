internal import Glibc

/// Whether a family is there.
extension NetlinkFamily {
  /// Whether the kernel has the family without loading a module first.
  public var isRegistered: Bool {
    do throws(SystemErrno) {
      return isListed(in: try kernelText(at: "/proc/thread-self/net/netlink"))
    } catch {
      return false
    }
  }

  /// Whether a list of netlink sockets has one of the kernel's own for the family: the second
  /// column is the family, the third the socket's port, and the kernel's is 0.
  func isListed(in text: String) -> Bool {
    text.split(separator: "\n").contains { line in
      let words = line.split(separator: " ")
      return words.count > 2 && words[1] == "\(rawValue)" && words[2] == "0"
    }
  }
}

extension AddressFamily {
  /// Whether the kernel has the family, IPv4 being always there, without loading a module first.
  package var isActive: Bool {
    // Sound: the text outlives the call.
    unsafe self != .ipv6 || access("/proc/thread-self/net/if_inet6", F_OK) == 0
  }
}
