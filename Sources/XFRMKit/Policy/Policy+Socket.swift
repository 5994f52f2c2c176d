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
  ///
  /// - Throws: ``/Netlink/NetlinkError/unencodable(_:)`` as the failure if it has what no socket's
  ///   policy has: a mark, an interface ID, another kind than ``Kind-swift.struct/main``, an
  ///   offload, a security context, or other attributes.
  public func attach(toSocket descriptor: Int32) throws(XFRMError) {
    let request = "give a socket the \(self)"
    var value = MessageBuilder()
    appendBody(to: &value, form: .request)
    for template in templates { value.append(TemplateWire(template)) }
    if let part = partOfNoSocket { value.fail(.noPlace("\(part) in a socket's policy")) }
    if let problem = value.failure { throw XFRMError(request, .unencodable(problem)) }
    let isV6 = selector.family == .ipv6
    let result = unsafe value.bytes.withUnsafeBytes { bytes in
      // Sound: the bytes outlive the call.
      unsafe setsockopt(
        descriptor, Int32(isV6 ? IPPROTO_IPV6 : IPPROTO_IP),
        isV6 ? Self.ipv6Option : Self.ipv4Option, bytes.baseAddress, socklen_t(bytes.count))
    }
    guard result == 0 else {
      throw XFRMError(request, .system(.setOption, .current))
    }
  }

  /// What it has that goes into attributes: the option is the fixed part and templates.
  private var partOfNoSocket: String? {
    if mark != nil { return "a mark" }
    if interfaceID != nil { return "an interface ID" }
    if kind != .main { return "the kind \(kind)" }
    if offload != nil { return "an offload" }
    if securityContext != nil { return "a security context" }
    return otherAttributes.isEmpty ? nil : "other attributes"
  }

  /// `IP_XFRM_POLICY`, `IPV6_XFRM_POLICY` of linux/in.h and linux/in6.h.
  private static let ipv4Option: Int32 = 17
  private static let ipv6Option: Int32 = 35
}
