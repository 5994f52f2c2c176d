internal import Netlink
internal import XFRMKit

// What IKE daemons ask of their sockets.

extension KernelProbe {
  /// Exempts a socket from all policies, as those of IKE must be.
  static func socketPolicies(_ family: AddressFamily) -> KernelProbe {
    KernelProbe(mayLoadModules: false) { session in
      asking("exempt a UDP socket from policies", family, session.namespace) {
        (socket) throws(XFRMError) in
        for direction in [Policy.Direction.incoming, .outgoing] {
          try Policy.bypass(direction, family: family).attach(toSocket: socket.descriptor)
        }
        return nil
      }
    }
  }

  /// Has the kernel take ESP out of a socket's datagrams.
  static func encapsulation(_ family: AddressFamily) -> KernelProbe {
    KernelProbe(mayLoadModules: false) { session in
      asking("set UDP_ENCAP", family, session.namespace) { (socket) throws(XFRMError) in
        try socket.tryOut(.encapsulation, Int32(Encapsulation.Kind.espInUDP.rawValue))
      }
    }
  }

  /// Has a socket's datagrams come joined.
  static let receiveOffload = KernelProbe(mayLoadModules: false) { session in
    asking("set UDP_GRO", .ipv4, session.namespace) { (socket) throws(XFRMError) in
      try socket.tryOut(.receiveOffload, 1)
    }
  }

  /// - Parameter body: Says what of it the kernel made something else of.
  private static func asking(
    _ request: String, _ family: AddressFamily, _ namespace: NetworkNamespace,
    _ body: (borrowing UDPSocket) throws(XFRMError) -> String?
  ) -> ProbeOutcome {
    // The socket would load IPv6, which gives the host's interfaces addresses.
    guard family.isActive else { return .notRun(.mightLoadModules) }
    do throws(XFRMError) {
      let socket: UDPSocket
      do throws(NetlinkError) {
        socket = try UDPSocket(family, in: namespace)
      } catch {
        throw XFRMError("open a UDP socket for \(family)", error)
      }
      if let difference = try body(socket) {
        return .different(request: request, difference: difference)
      }
      return .works("\(request) (\(family))")
    } catch {
      return .refused(error)
    }
  }
}

extension UDPSocket {
  /// Sets an option and reads it back; says what the kernel made another of.
  fileprivate borrowing func tryOut(
    _ option: Option, _ asked: Int32
  ) throws(XFRMError) -> String? {
    do throws(NetlinkError) {
      try set(option, to: asked)
      let found = try value(of: option)
      return found == asked ? nil : "\(found) for \(asked)"
    } catch {
      throw XFRMError("set a UDP socket's option \(option.rawValue)", error)
    }
  }
}
