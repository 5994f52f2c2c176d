internal import Glibc

extension Policy {
  /// What a socket that must not be protected carries, such as one that takes ESP-in-UDP or speaks
  /// IKE: without it a policy for the addresses catches its packets too.
  public static func bypass(
    _ direction: Direction, family: AddressFamily
  ) -> Policy {
    Policy(.any(family), direction: direction)
  }

  /// Makes it the policy of one socket in its direction, ahead of those of the database.
  ///
  /// The kernel refuses it (`EINVAL`) as long as xfrm_user is a module and not loaded, which an
  /// ``XFRMClient`` sees to.
  ///
  /// Only ``Direction-swift.struct/incoming`` and ``Direction-swift.struct/outgoing`` will do.
  /// Needs `CAP_NET_ADMIN`. (`IP_XFRM_POLICY`, `IPV6_XFRM_POLICY`)
  public func attach(toSocket descriptor: Int32) throws(XFRMError) {
    var value = MessageBuilder()
    appendBody(to: &value, form: .request)
    for template in templates { value.append(TemplateWire(template)) }
    let isV6 = selector.family == .ipv6
    let result = unsafe value.bytes.withUnsafeBytes { bytes in
      // Sound: the bytes outlive the call.
      unsafe setsockopt(
        descriptor, Int32(isV6 ? IPPROTO_IPV6 : IPPROTO_IP),
        isV6 ? Self.ipv6Option : Self.ipv4Option, bytes.baseAddress, socklen_t(bytes.count))
    }
    guard result == 0 else {
      throw XFRMError("give a socket the \(self)", .system(.configure, .current))
    }
  }

  /// `IP_XFRM_POLICY`, `IPV6_XFRM_POLICY` of linux/in.h and linux/in6.h.
  private static let ipv4Option: Int32 = 17
  private static let ipv6Option: Int32 = 35
}
